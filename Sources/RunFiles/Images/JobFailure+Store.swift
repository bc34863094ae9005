import FetchCore
import ImageProof

extension JobFailure {
    /// A failed call of the operating system while an image was stored; `clause` says what could not be done.
    init(_ error: SystemError, _ clause: String) {
        self.init(
            error.isDiskFull ? .diskFull : .writeFailed, at: .store, "\(clause): \(error).",
            stopsRun: !error.isAboutOneFile)
    }

    /// An image that is not what it should be; `start` is what the stream began with.
    init(_ fault: PNGFault, in start: RawSpan) {
        let code: FailureCode =
            switch fault.kind {
            case .notPNG where isVideo(start): .notAnImageJob
            case .notPNG: .notPNG
            case .corrupt: .corruptPNG
            case .truncated: .truncated
            }
        self.init(code, at: .download, "\(fault)")
    }
}
