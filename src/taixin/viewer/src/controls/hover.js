/** The name beside the pointer. */
import { el, fill } from "../dom.js";
import { nameOfSpot } from "../surveys/surveys.js";

/** @param {any} page */
export function createHover(page) {
  const { lang, model } = page;
  const node = el("div", { class: "hover", role: "tooltip", hidden: true, data: { role: "hover" } });

  function lines(subject) {
    if (subject.type === "survey") {
      const spot = page.surveys.at(subject.id);
      return [nameOfSpot(spot, lang), spot.set.value || lang.pick(spot.survey.about.title)];
    }
    if (subject.type === "county") {
      const { props } = model.counties.get(subject.id);
      return [lang.name(props), lang.lang() === "zh" ? props.city : props.city_en || props.city];
    }
    const { props, layer } = model.features.get(subject.id);
    return [lang.name(props), lang.pick(layer.kind.label)];
  }

  page.hover = (subjects, point) => {
    node.hidden = !subjects.length;
    if (!subjects.length) return;
    const [name, kind] = lines(subjects[0]);
    const more = subjects.length - 1;
    fill(
      node,
      el("strong", { text: name }),
      el("span", { text: kind || "" }),
      more > 0 && el("span", { class: "more", text: lang.t("more_here", { n: more }) }),
    );
    const size = page.map.getSize();
    const left = point.x > size.x - 240;
    const top = point.y > size.y - 90;
    const x = left ? point.x - node.offsetWidth - 12 : point.x + 14;
    const y = top ? point.y - node.offsetHeight - 10 : point.y + 16;
    node.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  };
  return node;
}
