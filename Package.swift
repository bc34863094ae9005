// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours is compiled the same strict way.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// What reads foreign bytes, and so is fuzzed.
let fuzzed: [Target.Dependency] = [
    "FetchCore", "Files", "HTTPTransport", "ImageProof", "JSONBridge", "Manifests", "PictoryAPI", "Records",
    "WebAddress",
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOEmbedded", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]

/// The fuzzed properties, as tests over known inputs or, for scripts/fuzz alone, as a program around libFuzzer.
///
/// SwiftPM lets no two targets share sources, so it is one target that changes with the environment.
let fuzz: Target =
    Context.environment["PICTORY_FETCH_FUZZ"] == nil
    ? .testTarget(
        name: "FuzzTests", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["Findings", "Program", "Seeds"],
        swiftSettings: house)
    : .executableTarget(
        name: "fuzz", dependencies: fuzzed, path: "Tests/Fuzz", exclude: ["Findings", "Replay", "Seeds"],
        swiftSettings: house)

/// Only `scripts/bench micro` asks for the microbenchmarks, so that nobody else fetches and builds what they need.
///
/// `traits: []` leaves out what counts allocations by putting itself before `malloc`, which costs time.
let measured = Context.environment["PICTORY_FETCH_BENCHMARK"] != nil
let benchmarkPackages: [Package.Dependency] =
    measured ? [.package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: [])] : []
/// What the microbenchmarks look into, and so is built to be tested.
let lookedInto: [SwiftSetting] = house + (measured ? [.unsafeFlags(["-enable-testing"])] : [])
let benchmarks: [Target] =
    measured
    ? [
        .executableTarget(
            name: "Micro",
            dependencies: [
                "CZlib", "FetchCore", "ImageProof", "Manifests", "PictoryAPI", "Records",
                .product(name: "Benchmark", package: "benchmark"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            path: "Tests/Benchmarks/Micro", swiftSettings: house,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
    ] : []

let package = Package(
    name: "pictory-fetch",
    products: [
        .executable(name: "pictory-fetch", targets: ["pictory-fetch"]),
        .executable(name: "pictory-simulator", targets: ["pictory-simulator"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ] + benchmarkPackages,
    targets: [
        // System libraries, from Debian's packages.
        .systemLibrary(name: "CJSONC", pkgConfig: "json-c", providers: [.apt(["libjson-c-dev"])]),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CIDN", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
        // Declarations of the C library's own that its headers hide.
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // The product. An arrow in Architecture.md's map is a dependency here, and nothing else may be imported.
        .target(name: "JSONBridge", dependencies: ["CJSONC"], swiftSettings: house),
        .target(
            name: "FetchCore",
            dependencies: [
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: lookedInto),
        .target(
            name: "ImageProof",
            dependencies: ["CDeflate", "CZlib", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: house),
        .target(name: "PictoryAPI", dependencies: ["FetchCore", "JSONBridge"], swiftSettings: house),
        // What the operating system offers, by descriptor; knows of no record and no image.
        .target(name: "Files", dependencies: ["CLinux"], swiftSettings: house),
        // What is written of a run, and read again: records, results files, summary and metrics.
        .target(name: "Records", dependencies: ["FetchCore", "Files", "JSONBridge"], swiftSettings: lookedInto),
        .target(
            name: "Manifests",
            dependencies: [
                "FetchCore", "Files", "JSONBridge", "Records", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: lookedInto),
        .target(
            name: "Images", dependencies: ["FetchCore", "Files", "ImageProof", "Records"], swiftSettings: house),
        // The page that a person looks at. What it is made of besides is embedded, so that the program stays one file.
        .target(
            name: "Report",
            dependencies: [
                "CDeflate", "FetchCore", "Files", "JSONBridge", "Records",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            resources: [.embedInCode("Resources")],
            swiftSettings: house),
        .target(name: "WebAddress", dependencies: ["CIDN"], swiftSettings: house),
        .target(
            name: "HTTPTransport",
            dependencies: [
                "CZlib", "FetchCore", "WebAddress",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: house),
        .executableTarget(
            name: "pictory-fetch",
            dependencies: [
                "FetchCore", "Files", "HTTPTransport", "Images", "JSONBridge", "Manifests", "PictoryAPI", "Records",
                "Report",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house,
            // Takes the place of the C library's `malloc`, by Debian's libmimalloc-dev: a job makes some hundred small
            // allocations, and many end on another thread than they began on.
            linkerSettings: [.linkedLibrary("mimalloc")]),

        // The simulator: a second reading of the API that shares no code with the product.
        .target(
            name: "PictorySimulator",
            dependencies: [
                "CZlib",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),
        .executableTarget(
            name: "pictory-simulator",
            dependencies: [
                "PictorySimulator",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house),

        .testTarget(name: "JSONBridgeTests", dependencies: ["JSONBridge"], swiftSettings: house),
        .testTarget(name: "FetchCoreTests", dependencies: ["FetchCore", "TestRandom"], swiftSettings: house),
        .testTarget(name: "ImageProofTests", dependencies: ["CZlib", "ImageProof"], swiftSettings: house),
        .testTarget(
            name: "PictoryAPITests", dependencies: ["FetchCore", "HTTPTransport", "PictoryAPI"],
            swiftSettings: house),
        .testTarget(name: "WebAddressTests", dependencies: ["TestRandom", "WebAddress"], swiftSettings: house),
        .testTarget(
            name: "HTTPTransportTests",
            dependencies: [
                "CZlib", "FetchCore", "HTTPTransport", "TestRandom", "WebAddress",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHPACK", package: "swift-nio-http2"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: house),
        // Folders, pipes and samples that tests of several targets share.
        .target(
            name: "TestSupport", dependencies: ["FetchCore", "Files", "Records"], path: "Tests/TestSupport",
            swiftSettings: house
        ),
        // Numbers from a seed, for tests of any target.
        .target(name: "TestRandom", path: "Tests/TestRandom", swiftSettings: house),
        .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "RecordsTests", dependencies: ["FetchCore", "Files", "JSONBridge", "Records", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "ReportTests",
            dependencies: ["CZlib", "FetchCore", "Files", "JSONBridge", "Records", "Report", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "ManifestsTests",
            dependencies: ["FetchCore", "Files", "JSONBridge", "Manifests", "Records", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "ImagesTests",
            dependencies: ["FetchCore", "Files", "ImageProof", "Images", "Records", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "PictorySimulatorTests",
            dependencies: [
                "CZlib", "PictorySimulator", "pictory-simulator",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            swiftSettings: house),
        .testTarget(
            name: "PictoryFetchTests", dependencies: ["FetchCore", "Report", "pictory-fetch"], swiftSettings: house),
        // Runs the built programs, which is why it depends on them and imports nothing of theirs.
        .testTarget(
            name: "EndToEndTests", dependencies: ["TestRandom", "pictory-fetch", "pictory-simulator"],
            exclude: ["Cluster/Daemons", "Receivers", "Validators"], swiftSettings: house),
        fuzz,
    ] + benchmarks
)
