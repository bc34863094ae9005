import FetchCore
import Files
import ImageProof

extension JobFailure {
    /// A failed call of the operating system while an image was stored; `clause` says what could not be done.
    init(_ error: SystemError, _ clause: String) {
        self.init(
            error.isDiskFull ? .diskFull : .writeFailed, at: .store, "\(clause): \(error).",
            stopsRun: !error.isAboutOneFile, cause: error.isTooManyOpenFiles ? .tooManyOpenFiles : nil)
    }

    /// A failed call on the way to an image below the output directory; `clause` says what could not be done.
    ///
    /// Only a file system that is at fault stops the run: all else is about the names of this image.
    init(_ error: SystemError, onTheWay clause: String) {
        self.init(error, clause)
        stopsRun = error.isAboutFileSystem
        if error.isAboutName { cause = .impossibleName }
    }

    /// An image that is no whole PNG.
    init(_ error: PNGError) {
        let code: FailureCode =
            switch error.kind {
            case .notPNG: .notPNG
            case .corrupt: .corruptPNG
            case .truncated: .truncated
            }
        self.init(code, at: .download, "\(error)")
    }
}
