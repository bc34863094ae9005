/// Spells the counts as the JSON object that `Statistics` describes.
enum StatisticsReport {
    static func json(_ simulation: Simulation, at moment: Moment, jobs: Bool) -> JSON {
        let statistics = simulation.statistics
        let everything = statistics.statuses.values.reduce(into: [Int: Int]()) { $0.merge($1, uniquingKeysWith: +) }
        let kinds: [Statistics.Kind] = [.poll, .image, .other]
        var fields: [(String, JSON)] = [
            ("scenario", .string(simulation.planner.scenario.rawValue)),
            ("seed", .number(String(simulation.planner.seed))),
            ("time_scale", .number(String(simulation.timeScale))),
            ("virtual_seconds", .number(rounded(simulation.virtualTime(at: moment)))),
            ("requests", .object(kinds.map { ($0.rawValue, .integer(statistics.requests[$0] ?? 0)) })),
            ("status", statuses(everything)),
            ("poll_status", statuses(statistics.statuses[.poll] ?? [:])),
            ("image_status", statuses(statistics.statuses[.image] ?? [:])),
            (
                "in_flight",
                .object([("now", .integer(statistics.inFlight)), ("most", .integer(statistics.mostInFlight))])
            ),
            ("most_polls_in_a_second", .integer(statistics.mostPollsInASecond)),
            ("body_bytes_sent", .integer(statistics.bodyBytes)),
            (
                "image_requests_with_key",
                .object([
                    ("authorization_header", .integer(statistics.authorizationHeaders)),
                    ("other_header", .integer(statistics.keyInOtherHeader)),
                    ("url", .integer(statistics.keyInURL)),
                ])
            ),
            ("distinct_jobs", .integer(simulation.ledger.entries.count)),
        ]
        if jobs {
            fields.append(("polls_per_job", perJob(simulation.ledger) { $0.polls }))
            fields.append(("images_per_job", perJob(simulation.ledger) { $0.downloads }))
        }
        return .object(fields)
    }

    private static func statuses(_ counts: [Int: Int]) -> JSON {
        .object(
            counts.sorted { $0.key < $1.key }.map { status, count in
                (status == Statistics.noStatus ? "none" : String(status), .integer(count))
            })
    }

    private static func perJob(_ ledger: JobLedger, _ count: (JobLedger.Entry) -> Int32) -> JSON {
        .object(
            ledger.entries
                .filter { count($0.value) > 0 }
                .map { ($0.key.text, JSON.integer(Int(count($0.value)))) }
                .sorted { $0.0 < $1.0 })
    }

    /// Seconds with three places, by hand: no rounding mode of a formatter to think about.
    private static func rounded(_ seconds: Double) -> String {
        let thousandths = Int(seconds * 1000)
        let fraction = String(1000 + thousandths % 1000).dropFirst()
        return "\(thousandths / 1000).\(fraction)"
    }
}
