import Benchmark

/// The parts that a run spends its time in, each alone, as rates.
///
/// `scripts/bench micro` runs them. They see what is internal to the product's targets, so these are built to be tested.
let benchmarks: @Sendable () -> Void = {
    manifestBenchmarks()
    recordBenchmarks()
    proofBenchmarks()
    schedulerBenchmarks()
    replyBenchmarks()
}

/// What is counted in a second.
enum Rate: String {
    case lines = "lines/s"
    case replies = "replies/s"
    case events = "events/s"
    case megabytes = "MB/s"

    var metric: BenchmarkMetric { .custom(rawValue, polarity: .prefersLarger, useScalingFactor: false) }
}

/// Registers a benchmark whose body does `amount` of something, and is done again and again for some seconds.
func benchmark(_ name: String, in rate: Rate, amount: Int, _ body: @escaping @Sendable () -> Void) {
    let configuration = Benchmark.Configuration(
        metrics: [rate.metric], warmupIterations: 2, maxDuration: .seconds(3), maxIterations: 1000)
    Benchmark(name, configuration: configuration) { benchmark in
        let took = ContinuousClock().measure(body)
        benchmark.measurement(rate.metric, Int(Double(amount) / (took / .seconds(1))))
    }
}
