import NNKernels

/// What the command line asks for.
struct Options {
  var shapes = "Benchmarks/shapes.txt"
  var seconds = 0.1
  var threads = 1
  var methods: [ConvolutionMethod] = [.automatic]
  var measuresOverhead = false
  var asksForHelp = false

  static let usage = """
    nnbench: measure the kernels at the shapes of a text file

    Usage: nnbench [SHAPES] [options]
           nnbench --overhead [options]

    SHAPES (default: Benchmarks/shapes.txt) has a layer a line; # starts a comment:
      conv2d N C H W O k stride padding [dilation=d] [groups=g] [relu] [pool]
      linear N in out
    relu and pool, a MaxPool2d(2), are computed in the convolution's pass.

    For each layer and pass: the median in milliseconds, GFLOP/s with a multiply-add
    as 2 FLOP of the direct method, and their share of the peak measured in the same
    run. Above 100 % a method needs less arithmetic.

    Options:
      --convolution M,M  automatic (the default) or direct, or both side by side
      --threads N        use N threads (default: 1)
      --seconds S        measure each pass for about S seconds (default: 0.1)
      --overhead         nanoseconds an operation on tiny tensors, and an empty
                         parallel loop
      --help             print this help

    \(InstructionSet.environmentVariable)=avx2 measures one instruction set; without it all that the
    processor has are measured in turn.

    """

  /// Of the words after the program's name.
  init(_ words: some Sequence<String>) throws(UsageError) {
    var words = words.makeIterator()
    var hasShapes = false
    while let word = words.next() {
      switch word {
      case "--help": asksForHelp = true
      case "--overhead": measuresOverhead = true
      case "--threads":
        threads = try Self.value(of: word, words.next()) { Int($0).flatMap { $0 >= 1 ? $0 : nil } }
      case "--seconds":
        seconds = try Self.value(of: word, words.next()) { Double($0).flatMap { $0 > 0 ? $0 : nil } }
      case "--convolution":
        methods = try Self.value(of: word, words.next()) { text in
          let names = text.split(separator: ",", omittingEmptySubsequences: false)
          let methods = names.compactMap { ConvolutionMethod(rawValue: String($0)) }
          return methods.count == names.count ? methods : nil
        }
      default:
        if word.hasPrefix("-") { throw UsageError(description: "there is no option \(word)") }
        if hasShapes { throw UsageError(description: "\(word): one file of shapes is taken") }
        shapes = word
        hasShapes = true
      }
    }
  }

  private static func value<Value>(
    of option: String, _ text: String?, _ read: (String) -> Value?
  ) throws(UsageError) -> Value {
    guard let text else { throw UsageError(description: "\(option) needs a value") }
    guard let value = read(text) else { throw UsageError(description: "\(option) does not take \(text)") }
    return value
  }
}

/// A command line that means nothing.
struct UsageError: Error, CustomStringConvertible {
  let description: String
}
