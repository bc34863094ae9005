/// The lowest average rate of a download; a slower one is given up.
///
/// A body of one byte a second never stalls, and would hold its slot for weeks. The average is checked whenever bytes
/// arrive; if none arrive, the stall timeout ends the download.
struct MinimumRate: Sendable {
    /// How long any rate is accepted at first: slow starts are normal.
    var grace: Duration = .seconds(60)
    /// A thousandth of what a poor mobile line carries.
    var bytesPerSecond = 1024

    func isTooSlow(bytes: Int, elapsed: Duration) -> Bool {
        guard elapsed > grace else { return false }
        let (seconds, attoseconds) = elapsed.components
        let time = Double(seconds) + Double(attoseconds) * 1e-18
        return Double(bytes) < time * Double(bytesPerSecond)
    }
}
