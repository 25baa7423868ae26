/** The size of what is printed goes through the CSSOM: the page's policy allows no further style sheet. */

/** @param {string} declarations of the one rule `@page` */
export function setPage(declarations) {
  const sheet = document.styleSheets[0];
  for (let i = sheet.cssRules.length - 1; i >= 0; i--) {
    if (sheet.cssRules[i].type === CSSRule.PAGE_RULE) sheet.deleteRule(i);
  }
  sheet.insertRule(`@page { ${declarations} }`, sheet.cssRules.length);
}
