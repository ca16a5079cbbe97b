"""A visitor of the desk: an HTTP client that keeps cookies and knows the token of its session."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from tests.desk import PASSWORD

TOKEN = re.compile(r'<meta name="csrf" content="([^"]*)">')
JSON = {"accept": "application/json"}


@dataclass(slots=True)
class Visitor:
    """Asks like a browser: with its cookies, and without following redirects."""

    client: httpx.Client
    token: str = ""

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Look at a page."""
        return self.client.get(path, headers=headers)

    def post(self, path: str, form: Mapping[str, object] | None = None, **headers: str) -> httpx.Response:
        """Send a form with the session's token, as a script does: problems come as JSON."""
        return self.client.post(path, data=form or {}, headers={"x-csrf-token": self.token} | JSON | headers)

    def send(self, path: str, content: object) -> httpx.Response:
        """Send JSON with the session's token."""
        return self.client.post(path, json=content, headers={"x-csrf-token": self.token} | JSON)

    def upload(self, name: str, data: bytes) -> httpx.Response:
        """Add a file to Incoming."""
        headers = {
            "x-csrf-token": self.token,
            "x-file-name": name,
            "content-type": "application/octet-stream",
        }
        return self.client.post("/api/incoming", content=data, headers=headers | JSON)

    def sign_in(self, user_no: str, password: str = PASSWORD) -> httpx.Response:
        """Sign in with the form of the page; afterwards the token is that of the new session."""
        self.token = self.client.get("/login", headers=JSON).json().get("csrf", "")
        answer = self.post("/login", {"user_no": user_no, "password": password})
        if answer.status_code == 200:
            self.token = answer.json()["csrf"]
        return answer

    def cookie(self, name: str) -> str | None:
        """A cookie as it is kept now."""
        return self.client.cookies.get(name)


@contextmanager
def visit(address: str, user_no: str | None = None) -> Iterator[Visitor]:
    """A visitor for the length of a block, signed in if a name is given."""
    with httpx.Client(base_url=address, timeout=30) as client:
        visitor = Visitor(client)
        if user_no is not None:
            assert visitor.sign_in(user_no).status_code == 200
        yield visitor


def codes(answer: httpx.Response) -> list[str]:
    """The codes of the problems in an answer."""
    return [problem["code"] for problem in answer.json()["problems"]]
