"""Questions about one's own code: made from a function that a student wrote, with answers that come from running it.

The idea is that of questions about learners' code: T. Lehtinen, A. L. Santos and J. Sorva, "Let's Ask Students About
Their Programs, Automatically" (ICPC 2021); T. Lehtinen, O. Seppälä and A. Korhonen, "Automated Questions About
Learners' Own Code Help to Detect Fragile Prerequisite Knowledge" (ITiCSE 2023).
"""

from coursekit.questions.making import questions_about
from coursekit.questions.question import Choice, Question
from coursekit.questions.running import Example

__all__ = ["Choice", "Example", "Question", "questions_about"]
