# Images from one file: --target web, --target jobs, and --target cli for the command line. The base images are arguments, so that any Debian or Ubuntu
# with the .NET SDK or the ASP.NET Core runtime will do; deploy/build-images makes such bases where no registry is reached.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK_IMAGE} AS build-web
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN dotnet publish src/Web -c Release -o /app -v q -nologo

FROM ${SDK_IMAGE} AS build-jobs
RUN apt-get update && apt-get install -y --no-install-recommends cmake g++ make libtorch-dev libturbojpeg0-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN dotnet publish src/Jobs -c Release -o /app -v q -nologo

FROM ${SDK_IMAGE} AS build-cli
WORKDIR /source
COPY . .
RUN dotnet publish src/Cli -c Release -o /app -v q -nologo

FROM ${RUNTIME_IMAGE} AS cli
COPY --from=build-cli /app /app
USER 1654:1654
ENTRYPOINT ["dotnet", "/app/tracker-cli.dll"]

FROM ${RUNTIME_IMAGE} AS web
COPY --from=build-web /app /app
RUN mkdir /data && chown 1654:1654 /data
USER 1654:1654
WORKDIR /app
ENV TRACKER_DATA=/data
EXPOSE 5080
ENTRYPOINT ["dotnet", "Tracker.Web.dll", "--urls", "http://*:5080"]

# libtorch-dev and not the bare library, because its name carries a version that differs from one release to the next.
FROM ${RUNTIME_IMAGE} AS jobs
RUN apt-get update \
 && apt-get install -y --no-install-recommends libtorch-dev libopenblas0-openmp libturbojpeg0 dataset-fashion-mnist \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build-jobs /app /app
RUN mkdir /data && chown 1654:1654 /data
USER 1654:1654
WORKDIR /app
ENV TRACKER_DATA=/data
ENTRYPOINT ["dotnet", "Tracker.Jobs.dll"]
CMD ["host"]
