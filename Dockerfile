# docker build -t albert . && docker run --rm -v "$PWD:/work" albert --help
FROM debian:bookworm-slim AS build
WORKDIR /opt/albert
COPY scripts/common.sh scripts/setup.sh scripts/
RUN scripts/setup.sh
COPY . .
RUN cmake --preset release -DALBERT_BUILD_TESTS=OFF \
 && cmake --build --preset release \
 && cmake --install build/release --strip

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      libbz2-1.0 libicu72 liblzma5 libsentencepiece0 libspdlog1.10 libxxhash0 libyaml-cpp0.7 libzstd1 zlib1g \
 && rm -rf /var/lib/apt/lists/*
# The program finds LibTorch where it was built, and LibTorch finds the two libraries of CUDA beside itself.
COPY --from=build /opt/albert/.deps/libtorch-cpu/torch/lib/libtorch_cpu.so /opt/albert/.deps/libtorch-cpu/torch/lib/libc10.so \
     /opt/albert/.deps/libtorch-cpu/torch/lib/libgomp.so.1 /opt/albert/.deps/libtorch-cpu/torch/lib/
COPY --from=build /opt/albert/.deps/libtorch-cpu/nvidia/cu13/lib/libcudart.so.13 \
     /opt/albert/.deps/libtorch-cpu/nvidia/cu13/lib/libcupti.so.13 /opt/albert/.deps/libtorch-cpu/nvidia/cu13/lib/
COPY --from=build /usr/local/bin/albert /usr/local/bin/albert
COPY --from=build /usr/local/share/albert /usr/local/share/albert
WORKDIR /work
ENTRYPOINT ["albert"]
