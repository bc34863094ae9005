import FetchCore

extension EffectiveSettings {
    /// Checks that need more than one setting.
    func checkTogether() throws(StartError) {
        let (resume, results, force) = (
            try effective(Settings.resume), try effective(Settings.results), try effective(Settings.force)
        )
        if resume.value, results.value == "-" {
            throw conflict(
                [resume.source, results.source],
                "\(resume.place) needs --results (-r) with the file to carry on with")
        }
        if resume.value, force.value {
            throw conflict(
                [resume.source, force.source],
                "\(resume.place) carries on with the results file that \(force.place) would replace; only one can be")
        }
        for setting in [Settings.lock, Settings.summary, Settings.metrics] {
            let file = try effective(setting)
            guard file.value != "-" else {
                throw conflict(
                    [file.source], "\(file.place) needs a file; standard output carries the records alone")
            }
        }
        try checkOrder(Settings.pollInterval, Settings.maxPollInterval)
        try checkOrder(Settings.retryDelay, Settings.maxRetryDelay)
    }

    private func checkOrder(
        _ first: Setting<TimeLength>, _ longest: Setting<TimeLength>
    ) throws(StartError) {
        let (first, longest) = (try effective(first), try effective(longest))
        guard longest.value.duration < first.value.duration else { return }
        throw conflict(
            [first.source, longest.source],
            "\(longest.place) (\(longest.value.text)) is shorter than \(first.place) (\(first.value.text))")
    }

    /// The error of values that do not go together. It is one of usage only if all of them are flags.
    private func conflict(_ sources: [Source], _ message: String) -> StartError {
        let status = sources.map(\.errorStatus).contains(.configuration) ? ExitStatus.configuration : .usage
        return StartError(status: status, message: message)
    }
}
