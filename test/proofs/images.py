# Whole photographs of scikit-image as files of every kind, in the folder given, and on stdout the SHA-256 of each stage by each
# recipe, of Pillow and torchvision; for images.mjs.
import json
import sys
from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image

root = Path(__file__).parents[2]
sys.path += [str(root / 'scripts'), str(root / 'test' / 'fixtures' / 'torchvision')]
from doctor import IMAGENET, sha256, stages
from pngFiles import interlaced

RECIPES = [
    IMAGENET,
    {'resize': 256, 'interpolation': 'bicubic', 'crop': 227, 'order': 'bgr', 'scale': 255, 'mean': [104, 117, 123]},
    {'resize': 256, 'crop': 224, 'tenCrop': True},
    {'resize': [1201, 33], 'interpolation': 'bicubic'},
]
folder = Path(sys.argv[1])
cases = []


def case(name, image, **options):
    path = folder / name
    if callable(image):
        path.write_bytes(image())
    else:
        image.save(path, **options)
    for recipe in RECIPES:
        expected = {stage: sha256(array) for stage, array in stages(path.read_bytes(), recipe).items()}
        cases.append({'name': name, 'recipe': recipe, 'expected': expected})


for name in ('coffee', 'chelsea', 'astronaut', 'rocket'):
    image = Image.fromarray(getattr(skimage.data, name)())
    for sampling in ('4:4:4', '4:2:2', '4:2:0'):
        for quality in (50, 90):
            case(f'{name}-{sampling[2:].replace(":", "")}-{quality}.jpg', image, quality=quality, subsampling=sampling)
    case(f'{name}-progressive.jpg', image, progressive=True)
    case(f'{name}-cmyk.jpg', image.convert('CMYK'))
    case(f'{name}-grey.jpg', image.convert('L'))
    case(f'{name}-restarts.jpg', image, restart_marker_rows=1)
    case(f'{name}.png', image)
    case(f'{name}-grey.png', image.convert('L'))
    case(f'{name}-palette.png', image.quantize(200))
    case(f'{name}-interlaced.png', lambda image=image: interlaced(image))
    deep = np.asarray(image.convert('L')).astype(np.uint16) * 257 + np.arange(image.width, dtype=np.uint16)
    case(f'{name}-16.png', Image.fromarray(deep.astype(np.uint16)))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        case(f'{name}-orientation-{orientation}.jpg', image, exif=exif)
print(json.dumps(cases))
