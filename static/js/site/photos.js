// Photos as they are kept until they are sent. Decides which go as the camera made them and which are
// made anew: what the server could not read is told while the person still stands before the wall.

const READABLE = new Set(["image/jpeg", "image/png"]);
const LARGEST_BYTES = 20 * 1024 * 1024;
const LONGEST_SIDE_PX = 4000;

/**
 * Give a copy of a photo that the server can read.
 * @param {File} photo
 * @returns {Promise<{blob: Blob, name: string}>}
 * @throws {Error} where this device cannot read it either
 */
export async function readPhoto(photo) {
  if (READABLE.has(photo.type) && photo.size <= LARGEST_BYTES) {
    // A copy: the camera's file may be gone when the browser starts again.
    return { blob: new Blob([await photo.arrayBuffer()], { type: photo.type }), name: photo.name };
  }
  const picture = await createImageBitmap(photo, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return { blob: await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 }), name: photo.name.replace(/\.\w+$/, ".jpg") };
}
