import assert from "node:assert/strict";
import { test } from "node:test";
import { HeatMapSource } from "../../static/js/editor/heat-map.js";

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

function makeSource(answer = () => new Response("png", { headers: { "X-Bounds-M": "0,0,20,10" } })) {
  const asked = [];
  const pictures = [];
  const gates = [];
  const fetch = async (url) => {
    asked.push(new URL(url));
    await new Promise((resolve) => gates.push(resolve));
    return answer();
  };
  const source = new HeatMapSource({ url: "/heat.png?v=1", fetch, base: "http://host/floors/1", onPicture: (picture) => pictures.push(picture) });
  const openGate = async () => {
    gates.shift()?.();
    await settled();
  };
  return { source, asked, pictures, openGate };
}

test("band and count are part of the address, beside what it has already", () => {
  const { source } = makeSource();
  source.choices = { band: "5", counts: "planned" };
  assert.equal(source.addressOf({ id: "a1", x_m: 1.5, y_m: 2 }), "http://host/heat.png?v=1&band=5&counts=planned&move=a1%2C1.5%2C2");
});

test("of many positions on the way only the first and the last are asked for", async () => {
  const { source, asked, openGate } = makeSource();
  for (const x_m of [1, 2, 3, 4]) void source.request({ id: "a1", x_m, y_m: 0 });
  await openGate();
  await openGate();
  assert.deepEqual(
    asked.map((url) => url.searchParams.get("move")),
    ["a1,1,0", "a1,4,0"],
  );
});

test("a picture comes with its bounds", async () => {
  const { source, pictures, openGate } = makeSource();
  void source.request();
  await openGate();
  assert.deepEqual(pictures[0].bounds_m, [0, 0, 20, 10]);
});

test("a picture without bounds is not shown", async () => {
  const { source, pictures, openGate } = makeSource(() => new Response("png"));
  const states = [];
  source.addEventListener("state", (event) => states.push(event.detail));
  void source.request();
  await openGate();
  assert.equal(pictures.length, 0);
  assert.deepEqual(states, ["loading", "failed"]);
});

test("a picture that comes after coverage was switched off is not shown", async () => {
  const { source, pictures, openGate } = makeSource();
  void source.request();
  source.isOn = false;
  await openGate();
  assert.equal(pictures.length, 0);
});
