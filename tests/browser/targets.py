"""Targets that a finger misses: smaller than 24 px and too close to the next one (WCAG 2.5.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_FIND = """() => {
  const LEAST = 23.95;
  const isSmall = (box) => box.width < LEAST || box.height < LEAST;
  const isHit = (node) => {
    const folded = node.closest("details:not([open])");
    if (folded && !(node.tagName === "SUMMARY" && node.parentElement === folded)) return false;
    const box = node.getBoundingClientRect();
    return node.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) &&
      box.width > 1 && box.height > 1;
  };
  // A link in a sentence is as high as its line.
  const isInSentence = (node) => node.tagName === "A" &&
    getComputedStyle(node).display === "inline" &&
    [...node.parentElement.childNodes].some(
      (other) => other.nodeType === Node.TEXT_NODE && other.textContent.trim().length > 1);
  const boxOf = (node) => {
    const box = node.getBoundingClientRect(), label = node.labels?.[0];
    if (!label || !["checkbox", "radio"].includes(node.type)) return box;
    const own = label.getBoundingClientRect();
    const x = Math.min(box.x, own.x), y = Math.min(box.y, own.y);
    return new DOMRect(x, y, Math.max(box.right, own.right) - x, Math.max(box.bottom, own.bottom) - y);
  };
  const distance = ({ x, y }, box) => {
    if (isSmall(box)) return Math.hypot(x - box.x - box.width / 2, y - box.y - box.height / 2) - 12;
    return Math.hypot(Math.max(box.x - x, 0, x - box.right), Math.max(box.y - y, 0, y - box.bottom));
  };
  const targets = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary"
  )].filter(isHit).map((node) => ({ node, box: boxOf(node) }));
  return targets.filter(({ node, box }) => {
    if (!isSmall(box) || isInSentence(node)) return false;
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    return targets.some((other) => other.node !== node && !other.node.contains(node) &&
      !node.contains(other.node) && distance(middle, other.box) < 12);
  }).map(({ node, box }) =>
    `${node.tagName} "${(node.textContent || node.name || "").trim().slice(0, 30)}" ` +
    `${Math.round(box.width)} x ${Math.round(box.height)} px`);
}"""


def list_small_targets(page: Page) -> list[str]:
    """Give the targets of a page that are too small where they lie, at its present width."""
    found: list[str] = page.evaluate(_FIND)
    return found
