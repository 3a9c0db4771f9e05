# docker build -t albert . && docker run --rm -v "$PWD:/work" albert --help
# A server: docker run --rm -v "$PWD:/work" -p 127.0.0.1:8080:8080 albert serve --model sentiment --host 0.0.0.0
FROM debian:bookworm-slim AS build
WORKDIR /opt/albert
COPY scripts/common.sh scripts/setup.sh scripts/
RUN scripts/setup.sh
COPY . .
RUN cmake --preset release -DALBERT_BUILD_TESTS=OFF \
 && cmake --build --preset release --target albert \
 && for component in program libtorch documents; do cmake --install build/release --strip --component "$component"; done

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      libbz2-1.0 libicu72 liblzma5 libsentencepiece0 libspdlog1.10 libxxhash0 libyaml-cpp0.7 libzstd1 zlib1g \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local/bin/albert /usr/local/bin/
COPY --from=build /usr/local/lib/albert /usr/local/lib/albert
COPY --from=build /usr/local/share/albert /usr/local/share/albert
COPY scripts/docker_health.sh /usr/local/bin/
WORKDIR /work
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["docker_health.sh"]
ENTRYPOINT ["albert"]
