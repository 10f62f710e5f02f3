# python scripts/doctor.py IMAGE [RECIPE]: what `npx hebb doctor IMAGE` prints, computed by Pillow and torchvision. RECIPE is JSON.
import hashlib
import io
import json
import sys

import numpy as np
import torch
from PIL import Image, ImageOps
from torchvision.transforms import functional as F

IMAGENET = {'resize': 256, 'crop': 224, 'mean': [0.485, 0.456, 0.406], 'deviation': [0.229, 0.224, 0.225]}


def decode(file):
    image = Image.open(io.BytesIO(file))
    exif = image.getexif()
    if image.mode.startswith('I'):
        # 16 bits: Pillow's own conversion clips them at 255.
        image = Image.fromarray(np.round(np.asarray(image) / 257).astype('uint8'))
    image = (image.convert('RGB') if image.mode == 'CMYK' else image).convert('RGBA')
    image.getexif().update(exif)
    return image


def stages(file, recipe):
    """The array of each stage, by its name."""
    decoded = decode(file)
    oriented = ImageOps.exif_transpose(decoded)
    if 'background' in recipe:
        behind = Image.new('RGBA', oriented.size, (*recipe['background'], 255))
        image = Image.alpha_composite(behind, oriented).convert('RGB')
    else:
        image = oriented.convert('RGB')
    interpolation = F.InterpolationMode(recipe.get('interpolation', 'bilinear'))
    resized = F.resize(image, recipe['resize'], interpolation) if 'resize' in recipe else image
    crop = recipe.get('crop')
    if recipe.get('tenCrop'):
        parts = F.ten_crop(resized, crop)
    else:
        parts = [F.center_crop(resized, crop) if crop else resized]
    cropped = torch.stack([F.pil_to_tensor(part) for part in parts])
    tensor = cropped.to(torch.float32)
    if recipe.get('scale', 1) == 1:
        tensor = tensor.div(255)
    if recipe.get('order') == 'bgr':
        tensor = tensor[:, [2, 1, 0]]
    three = lambda value: value if isinstance(value, list) else [value] * 3
    tensor = F.normalize(tensor, three(recipe.get('mean', 0)), three(recipe.get('deviation', 1)))
    one = lambda batch: (batch if recipe.get('tenCrop') else batch[0]).numpy()
    return {
        'file': np.frombuffer(file, np.uint8),
        'decoded': np.asarray(decoded),
        'oriented': np.asarray(oriented),
        'resized': F.pil_to_tensor(resized).numpy(),
        'cropped': one(cropped),
        'tensor': one(tensor),
    }


def sha256(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


if __name__ == '__main__':
    recipe = json.loads(sys.argv[2]) if len(sys.argv) > 2 else IMAGENET
    with open(sys.argv[1], 'rb') as file:
        for name, array in stages(file.read(), recipe).items():
            print(f'{name:8} {sha256(array)} {list(array.shape)}')
