/** Words of sharing, printing, comparing and time: [Chinese, English]. Joined to the others in words.js. */
export const VIEW_WORDS = {
  view_tools: ["比较、时间、打印、分享", "Compare, time, print, share"],
  share: ["分享", "Share"],
  share_view: ["分享当前视图", "Share this view"],
  share_text: [
    "链接记下视图、图层、不透明度、打开的详情、语言、比较与时间；不含密钥、自有数据和手绘内容。",
    "The link holds the view, layers, opacity, open card, language, comparison and time; never keys, own data or drawings.",
  ],
  share_link: ["链接", "Link"],
  share_embed: ["嵌入代码（仅地图与图例）", "Code for embedding (map and legend only)"],
  copy: ["复制", "Copy"],
  copied: ["已复制", "Copied"],
  copy_failed: ["浏览器不允许自动复制，请按 Ctrl+C", "The browser does not allow copying; press Ctrl+C"],
  open_atlas: ["打开完整图集", "Open the whole atlas"],
};
