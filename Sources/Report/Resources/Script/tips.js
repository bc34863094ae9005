// Plots: what a mark stands for, shown at once

const tip = make("div", "tip");

function showTip(event) {
  const mark = event.target.closest?.(".plot [data-tip], .plot :has(> title)");
  if (!mark) {
    tip.remove();
    return;
  }
  const title = mark.querySelector(":scope > title");
  if (title) {
    // The browser would show its own beside this one.
    mark.dataset.tip = title.textContent;
    title.remove();
  }
  tip.textContent = mark.dataset.tip;
  document.body.append(tip);
  const left = Math.min(event.clientX + 12, window.innerWidth - tip.offsetWidth - 8);
  const top = event.clientY - tip.offsetHeight - 12;
  tip.style.transform = `translate(${Math.max(8, left)}px, ${top < 8 ? event.clientY + 16 : top}px)`;
}
