# The image of every process of the service: web, worker, beat and the one-off migration.

FROM node:24-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY build.mjs ./
COPY ehc/static_src ehc/static_src
RUN node build.mjs

FROM python:3.11-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 EHC_ENV=production
WORKDIR /app
# Letters and packs of papers are typeset here: a name in any script needs a font that has it.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        fonts-liberation fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
COPY requirements/production.txt requirements/production.txt
# Wheels only: a slim image has no compiler, and nothing that is built here was checked by its hash.
RUN pip install --no-cache-dir --require-hashes --no-deps --only-binary :all: \
    -r requirements/production.txt
COPY . .
COPY --from=assets /app/ehc/static/build ehc/static/build
# Collecting needs the settings but none of their secrets, so they are invented for this one step.
RUN EHC_SECRET_KEY=unused EHC_ALLOWED_HOSTS=unused EHC_DOCUMENTS_DIR=/documents \
    DATABASE_URL=postgresql://unused/unused REDIS_URL=redis://unused/0 \
    python manage.py collectstatic --no-input --verbosity 0 \
    && useradd --system --no-create-home --uid 10001 ehc \
    && install --directory --owner=ehc --mode=0700 /documents
USER ehc
VOLUME /documents
EXPOSE 8000
CMD ["gunicorn", "--config", "python:ehc.web_server", "--bind", "0.0.0.0:8000", \
    "--worker-tmp-dir", "/dev/shm", "ehc.wsgi:application"]
