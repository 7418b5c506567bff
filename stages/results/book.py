"""The accuracies that the book reports (chapter 1 and its notes)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BookFigure:
    """One of the book's figures.

    Attributes
    ----------
    name
        The classifier.
    accuracy
        The accuracy on the 10,000 test images.
    says
        The figure as the book gives it.
    command
        The command that trains ours; empty for the record.
    file
        The file that it writes in the folder of artifacts.
    """

    name: str
    accuracy: float
    says: str
    command: str
    file: str


RANDOM = BookFigure("random guess", 0.10, "10 %", "nn baseline random", "random.npz")
DARKNESS = BookFigure("average darkness", 0.2225, "22.25 %", "nn baseline darkness", "darkness.npz")
SVM = BookFigure("SVM, defaults", 0.9435, "94.35 %", "nn baseline svm", "svm.npz")
SVM_TUNED = BookFigure("SVM, tuned", 0.985, "over 98.5 %", "nn baseline svm --tuned", "svm-tuned.npz")
NETWORK_30 = BookFigure("784-30-10", 0.9542, "95.42 %, best epoch", "nn train", "weights.npz")
NETWORK_100 = BookFigure("784-100-10", 0.9659, "96.59 %, best epoch", "nn train --hidden 100", "wide.npz")
RECORD = BookFigure("record, Wan et al. 2013", 0.9979, "99.79 %", "", "")

BASELINES = (RANDOM, DARKNESS, SVM)
"""The baselines that make sense for any data set."""

FIGURES = (RANDOM, DARKNESS, SVM, SVM_TUNED, NETWORK_30, NETWORK_100, RECORD)
