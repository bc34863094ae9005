/// The lowest average rate at which a download may go on.
///
/// A body of one byte a second is never silent long enough to stall, and would hold its slot for weeks. The average is
/// looked at whenever bytes arrive, and they arrive before the stall timeout or the download has ended anyway.
struct SlowestPace: Sendable {
    /// How long nothing is demanded: slow starts are normal.
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
