import CJSONC
import Glibc

/// A JSON value to be written.
public enum JSONOutput: Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    /// A number, as it was spelled.
    case number(JSONNumber)
    case string(String)
    case array([JSONOutput])
    /// Members in this order. No name holds U+0000. Where a name is repeated, the last value counts.
    case object([(name: String, value: JSONOutput)])
    /// The bytes of one valid JSON value, which are written as they are. They hold no newline.
    case raw([UInt8])

    /// The value as one line of UTF-8 without a newline.
    ///
    /// Control characters, quotes and backslashes are escaped; slashes and characters beyond ASCII are not. If memory
    /// runs out, the process ends, as it does in the standard library: a record that is cut short would be worse.
    public func encoded() -> [UInt8] { encoded(endingWith: []) }

    /// The same with a newline.
    public func line() -> [UInt8] { encoded(endingWith: [UInt8(ascii: "\n")]) }

    private func encoded(endingWith end: [UInt8]) -> [UInt8] {
        let node = node()
        defer { json_object_put(node) }
        var length = 0
        let flags = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE
        let text = Self.allocated(json_object_to_json_string_length(node, flags, &length))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length + end.count)
        bytes += UnsafeRawBufferPointer(start: text, count: length)
        bytes += end
        return bytes
    }

    /// A node that the caller owns; nil is json-c's null.
    private func node() -> OpaquePointer? {
        switch self {
        case .null:
            return nil
        case .bool(let value):
            return Self.allocated(json_object_new_boolean(value ? 1 : 0))
        case .integer(let value):
            return Self.allocated(json_object_new_int64(Int64(value)))
        case .number(let number):
            return Self.verbatim(Array(number.text.utf8))
        case .string(var text):
            return text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) { characters in
                    Self.allocated(json_object_new_string_len(characters.baseAddress, Int32(characters.count)))
                }
            }
        case .array(let elements):
            let array = Self.allocated(json_object_new_array_ext(Int32(max(1, elements.count))))
            for element in elements {
                Self.check(json_object_array_add(array, element.node()))
            }
            return array
        case .object(let members):
            let object = Self.allocated(json_object_new_object())
            for member in members {
                member.name.withCString { name in
                    // json-c would end the name there.
                    precondition(strlen(name) == member.name.utf8.count, "a member's name holds U+0000")
                    Self.check(json_object_object_add(object, name, member.value.node()))
                }
            }
            return object
        case .raw(let bytes):
            precondition(!bytes.isEmpty, "raw JSON is a value")
            precondition(!bytes.contains(0) && !bytes.contains(UInt8(ascii: "\n")), "raw JSON is one line of text")
            return Self.verbatim(bytes)
        }
    }

    /// A node that json-c prints as these bytes; it owns a copy of them and frees it with itself.
    private static func verbatim(_ bytes: [UInt8]) -> OpaquePointer {
        let copy = allocated(malloc(bytes.count + 1))
        copy.copyMemory(from: bytes, byteCount: bytes.count)
        // json-c measures the copy with `strlen`.
        copy.storeBytes(of: 0, toByteOffset: bytes.count, as: UInt8.self)
        // Any kind of node will do, because the serializer prints the bytes. A boolean is the smallest.
        let node = allocated(json_object_new_boolean(0))
        json_object_set_serializer(node, json_object_userdata_to_json_string, copy, json_object_free_userdata)
        return node
    }

    private static func allocated<Pointer>(_ pointer: Pointer?) -> Pointer {
        guard let pointer else { preconditionFailure("json-c is out of memory") }
        return pointer
    }

    private static func check(_ result: Int32) {
        precondition(result == 0, "json-c is out of memory")
    }
}
