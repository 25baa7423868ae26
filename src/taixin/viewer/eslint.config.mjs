// One rule held by a linter: text from data becomes text on the page, never markup, never code.
import noUnsanitized from "eslint-plugin-no-unsanitized";

const NEVER = ["innerHTML", "outerHTML", "srcdoc", "insertAdjacentHTML", "setHTMLUnsafe"];

export default [
  { ignores: ["dist/", "node_modules/"] },
  {
    files: ["**/*.js", "**/*.mjs"],
    plugins: { "no-unsanitized": noUnsanitized },
    linterOptions: { noInlineConfig: true },
    languageOptions: { globals: { document: "readonly", setInterval: "readonly", setTimeout: "readonly", window: "readonly" } },
    rules: {
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      "no-unsanitized/method": "error",
      "no-unsanitized/property": "error",
      "no-restricted-properties": [
        "error",
        ...NEVER.map((property) => ({ property, message: "Write with textContent." })),
        { object: "document", property: "write", message: "Build elements instead." },
        { object: "document", property: "writeln", message: "Build elements instead." },
      ],
      // a handler in an attribute is code in markup, and the page's policy stops it
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.property.name='setAttribute'] > Literal[value=/^(on|srcdoc$|style$)/i]",
          message: "Use addEventListener, and el.style for styles.",
        },
      ],
    },
  },
];
