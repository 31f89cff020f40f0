// Figures of the page as files, made from the page itself: it needs no folder beside it and asks nothing of a network.
for (const figure of document.querySelectorAll("figure")) {
  const drawing = figure.querySelector("svg.plot"), links = figure.querySelector(".downloads");
  if (!drawing || !links) continue;
  for (const beside of links.querySelectorAll(".files")) beside.remove();
  const text = () => new XMLSerializer().serializeToString(drawing);
  const save = (blob, ending) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = drawing.id + ending;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const offer = (words, made) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.setAttribute("aria-label", words + " of " + drawing.querySelector("title").textContent);
    button.addEventListener("click", made);
    links.append(" · ", button);
  };
  offer("SVG", () => save(new Blob([text()], { type: "image/svg+xml" }), ".svg"));
  offer("PNG", () => {
    const { width, height } = drawing.viewBox.baseVal, image = new Image(), canvas = document.createElement("canvas");
    canvas.width = 3 * width;
    canvas.height = 3 * height;
    image.onload = () => {
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#ffffff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(blob => save(blob, ".png"), "image/png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text());
  });
}
