# Youju in a container: as a user without rights, its library in a volume, no request to elsewhere.
#   docker build --tag youju .
#   docker run --detach --name youju --publish 127.0.0.1:7860:7860 --volume youju:/data youju
# The rest, with what to set and how to stop it: docs/operations.md
FROM python:3.11-slim

# A package registry of your own, if you have one: --build-arg PIP_INDEX_URL=https://...
ARG PIP_INDEX_URL
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUNBUFFERED=1

WORKDIR /opt/youju
COPY requirements.lock ./
RUN pip install --requirement requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE app.py ./
COPY models ./models
COPY samples ./samples
COPY index ./index
COPY qa ./qa
COPY eval ./eval
COPY web ./web
RUN pip install --no-deps --no-build-isolation --editable . \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin youju \
    && install --directory --owner youju --mode 0700 /data

# Other machines reach it, so that changes need a password: --env YOUJU_PASSWORD=...
ENV YOUJU_DATA=/data YOUJU_HOST=0.0.0.0 YOUJU_PORT=7860
USER youju
VOLUME /data
EXPOSE 7860
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/api/v1/health', timeout=4)"]
CMD ["youju", "serve"]
