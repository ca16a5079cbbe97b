# One image for web, worker, beat and watcher. Plain enough for Docker 20.10 without extensions.
FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /src
RUN python -m venv /opt/inkoop
COPY requirements.lock ./
RUN /opt/inkoop/bin/pip install --quiet --no-deps --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY core core
COPY pipeline pipeline
COPY web web
COPY inkoop inkoop
COPY migrations migrations
# The lock holds the developers' tools too, so that one file vouches for everything; they stay out of the image.
RUN /opt/inkoop/bin/pip install --quiet --no-deps --no-build-isolation --no-index . \
    && /opt/inkoop/bin/python -c "import re, tomllib; print(*(re.split('[<>=~!]', r)[0] for r in tomllib.load(open('pyproject.toml', 'rb'))['dependency-groups']['dev']))" \
    | xargs /opt/inkoop/bin/pip uninstall --quiet --yes

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
       tesseract-ocr tesseract-ocr-eng tesseract-ocr-nld tesseract-ocr-deu tesseract-ocr-fra tesseract-ocr-osd tzdata \
    && rm -rf /var/lib/apt/lists/*
# The base image comes without compiled modules, and a fresh interpreter opens each document: compile them once.
RUN python -m compileall -q -x '/(test|tests|idlelib|lib2to3)/' "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
RUN groupadd --gid 10001 inkoop \
    && useradd --uid 10001 --gid inkoop --no-create-home --home-dir /var/lib/inkoop --shell /usr/sbin/nologin inkoop \
    && mkdir -p /var/lib/inkoop /var/inbox /run/inkoop-secrets \
    && chown inkoop:inkoop /var/lib/inkoop /var/inbox
COPY --from=build /opt/inkoop /opt/inkoop
ENV PATH=/opt/inkoop/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    OMP_THREAD_LIMIT=1 \
    INKOOP_DATA_DIR=/var/lib/inkoop \
    INKOOP_INBOX_DIR=/var/inbox \
    INKOOP_HOST=0.0.0.0 \
    INKOOP_PORT=8321
WORKDIR /var/lib/inkoop
USER inkoop
EXPOSE 8321
CMD ["inkoop", "run"]
