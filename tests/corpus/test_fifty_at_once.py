"""Fifty real files dropped into the inbox at once: each ends as something a person can see (reliability 1).

A file becomes a document, is merged with the same file that came before, or is refused with a reason. None is
lost, none is counted twice, and what became a document is read, or says why not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

import pytest
from sqlalchemy import select

from core.catalogue import Catalogue
from core.work import MACHINE
from inkoop.verify import verify
from pipeline.incoming import IncomingDocument, IntakeRefusal, Stage, to_values
from tests.journeys.running import RunningInkoop, running_inkoop, wait_until

FILES = 50
PATIENCE_SECONDS = 3000
