// swift-tools-version: 6.2
import PackageDescription

// One target a direction that the compiler should enforce, a private C dependency,
// its own compiler flags or another audience; folders do the rest. See README, "Layout".

/// The three builds of the same kernel sources: `Sources/NNKernelsBaseline` holds the files, the
/// other two folders link to them. One binary carries all and picks at run time.
let kernelOptimization: [SwiftSetting] = [.unsafeFlags(["-Ounchecked"], .when(configuration: .release))]
#if arch(x86_64)
  let wideKernels: [Target] = [
    .target(
      name: "NNKernelsAVX2", dependencies: ["NNKernelInterface", "NNShapes", "CPlatform"],
      swiftSettings: kernelOptimization + [
        .define("NN_AVX2"), .unsafeFlags(["-Xcc", "-march=x86-64-v3"]),
      ]),
    .target(
      name: "NNKernelsAVX512", dependencies: ["NNKernelInterface", "NNShapes", "CPlatform"],
      swiftSettings: kernelOptimization + [
        .define("NN_AVX512"),
        .unsafeFlags(["-Xcc", "-march=x86-64-v4", "-Xcc", "-mprefer-vector-width=512"]),
      ]),
  ]
  let wideKernelNames: [Target.Dependency] = ["NNKernelsAVX2", "NNKernelsAVX512"]
  /// For tests: the AVX-512 build's tiles in AVX2 instructions, for machines without AVX-512.
  let wideTile: [Target] = [
    .target(
      name: "NNKernelsWideTile", dependencies: ["NNKernelInterface", "NNShapes", "CPlatform"],
      path: "Tests/NNKernelsWideTile",
      swiftSettings: kernelOptimization + [
        .define("NN_AVX512"), .unsafeFlags(["-Xcc", "-march=x86-64-v3"]),
      ])
  ]
  let wideTileNames: [Target.Dependency] = ["NNKernelsWideTile"]
#else
  let wideKernels: [Target] = []
  let wideKernelNames: [Target.Dependency] = []
  let wideTile: [Target] = []
  let wideTileNames: [Target.Dependency] = []
#endif

// Lists of their own: one expression of all is more than some compilers check in their time.

/// What is C: libraries of the system, each seen by one target only, and what Swift cannot ask by itself,
/// the processor's features.
let cLibraries: [Target] = [
  .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
  .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
  .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
  .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
  .target(name: "CPlatform"),
]

/// The language column.
let language: [Target] = [
  .target(name: "NNDiagnostics"),
  .target(name: "NNSyntax", dependencies: ["NNDiagnostics"]),
  .target(name: "NNYAML", dependencies: ["NNSyntax", "NNDiagnostics", "CYaml"]),
  .target(name: "NNModel", dependencies: ["NNSyntax", "NNDiagnostics", "NNShapes"]),
]

/// The number column.
let numbers: [Target] = [
  .target(name: "NNShapes"),
  // The signatures that the kernel builds fill in: compiled once, without their flags.
  .target(name: "NNKernelInterface", dependencies: ["NNShapes"]),
  .target(
    name: "NNKernelsBaseline", dependencies: ["NNKernelInterface", "NNShapes", "CPlatform"],
    swiftSettings: kernelOptimization),
  .target(
    name: "NNKernels",
    dependencies: ["NNKernelInterface", "NNShapes", "CPlatform", "NNKernelsBaseline"] + wideKernelNames),
  // A step of a small model is hundreds of accesses to the tape's and the pool's properties: checking
  // each for overlaps takes a third of an operation's time. Debug builds and their tests check.
  .target(
    name: "NNRuntime", dependencies: ["NNKernels", "NNShapes"],
    swiftSettings: [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]),
  .target(name: "NNData", dependencies: ["NNShapes", "CArchive", "CCurl", "CCrypto"]),
]

/// Where they meet, and the commands.
let commands: [Target] = [
  .target(
    name: "NNTraining",
    dependencies: [
      "NNModel", "NNSyntax", "NNRuntime", "NNKernels", "NNData", "NNShapes", "NNDiagnostics",
    ]),
  .executableTarget(
    name: "nnrun", dependencies: ["NNTraining", "NNYAML", "NNModel", "NNSyntax", "NNDiagnostics"]),
  .executableTarget(name: "nnbench", dependencies: ["NNRuntime", "NNKernels", "NNShapes"]),
]

let tests: [Target] = [
  // Counts the allocations of the process that it is linked into.
  .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
  .target(
    name: "NNTestSupport", dependencies: ["NNSyntax", "NNDiagnostics"], path: "Tests/NNTestSupport"),
  .testTarget(
    name: "NNSyntaxTests", dependencies: ["NNSyntax", "NNDiagnostics", "NNTestSupport"],
    exclude: ["Goldens"]),
  .testTarget(
    name: "NNYAMLTests", dependencies: ["NNYAML", "NNSyntax", "NNDiagnostics", "NNTestSupport"],
    exclude: ["Goldens"]),
  .testTarget(
    name: "NNModelTests",
    dependencies: ["NNModel", "NNYAML", "NNSyntax", "NNDiagnostics", "NNShapes", "NNTestSupport"],
    exclude: ["Goldens"]),
  .testTarget(name: "NNShapesTests", dependencies: ["NNShapes"]),
  .testTarget(
    name: "NNKernelsTests",
    dependencies: ["NNKernels", "NNKernelInterface", "NNShapes", "NNTestSupport"]
      + wideTileNames),
  .testTarget(
    name: "NNRuntimeTests",
    dependencies: ["NNRuntime", "NNKernels", "NNData", "NNShapes", "NNTestSupport", "CAllocationCount"]),
  .testTarget(name: "NNDataTests", dependencies: ["NNData", "NNShapes", "NNTestSupport"]),
  .testTarget(
    name: "NNTrainingTests",
    dependencies: [
      "NNTraining", "NNModel", "NNRuntime", "NNKernels", "NNData", "NNSyntax", "NNDiagnostics", "NNShapes",
      "NNTestSupport", "CAllocationCount",
    ],
    exclude: ["Reference/transforms.json"]),
  .testTarget(name: "nnrunTests", dependencies: ["NNTestSupport"]),
]

let package = Package(
  name: "nnrun",
  products: [
    .executable(name: "nnrun", targets: ["nnrun"]),
    .executable(name: "nnbench", targets: ["nnbench"]),
  ],
  targets: cLibraries + language + numbers + wideKernels + commands + tests + wideTile,
  swiftLanguageModes: [.v6]
)
