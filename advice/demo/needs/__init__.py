"""What professionals write about invented children: by need, told as each discipline sees it.

Words in braces stand for the child: {name}, {he}, {He}, {him}, {his}, {His}; {year} is a school
year that has not ended yet. The needs stand by the four broad areas of the Code, 6.28 to 6.35.
"""

from advice.demo.needs.cognition import COGNITION
from advice.demo.needs.communication import COMMUNICATION
from advice.demo.needs.sensory import SENSORY
from advice.demo.needs.told import Need
from advice.demo.needs.wellbeing import WELLBEING

NEEDS: dict[str, Need] = COMMUNICATION | WELLBEING | SENSORY | COGNITION
