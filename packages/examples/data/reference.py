"""What scikit-learn makes of the faces and the customers of docs/uses.md, on the same parts of the data.

    python packages/examples/data/reference.py

needs `scikit-learn`, and the pictures that faces.py fetches.
"""

import csv
import pathlib

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = pathlib.Path(__file__).parent
MODELS = {
    "linear": LogisticRegression(max_iter=5000),
    "network": MLPClassifier(16, max_iter=1000, random_state=1),
}


def faces(model):
    """Of 200 pictures those that are judged rightly by the model that has learnt the other half."""
    pictures = numpy.load(HERE.parents[2] / "target" / "faces" / "lfw_subset.npy").reshape(200, -1) - 0.5
    number = numpy.arange(200)
    face = number < 100
    halves = [number % 2 == half for half in (0, 1)]
    return sum((model.fit(pictures[half], face[half]).predict(pictures[~half]) == face[~half]).sum() for half in halves)


def customers(model):
    """How many of the most promising fifth of the customers ordered again."""
    with open(HERE / "customers.csv") as file:
        rows = list(csv.reader(file))[1:]
    x = numpy.array([row[:5] for row in rows], float)
    again = numpy.array([row[5] == "yes" for row in rows])
    test = numpy.arange(len(rows)) % 5 < 2
    chance = make_pipeline(StandardScaler(), model).fit(x[~test], again[~test]).predict_proba(x[test])[:, 1]
    best = numpy.argsort(-chance, kind="stable")[: round(0.2 * test.sum())]
    return 100 * again[test][best].mean()


for name, model in MODELS.items():
    print(f"{name}: {faces(model)} of 200 pictures, {customers(model):.1f} % of the best fifth")
