/// A JSON value to be written.
public enum JSONValue: Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// NaN and infinities, which JSON lacks, become null.
  case number(Double)
  case string(String)
  case array([JSONValue])
  /// The members in this order.
  case object([(String, JSONValue)])

  /// On one line, as Python's `json.dumps` spaces it.
  public var text: String {
    switch self {
    case .null: return "null"
    case .boolean(let value): return value ? "true" : "false"
    case .integer(let value): return "\(value)"
    case .number(let value): return value.isFinite ? "\(value)" : "null"
    case .string(let value): return jsonString(value)
    case .array(let values): return "[" + values.map(\.text).joined(separator: ", ") + "]"
    case .object(let members):
      return "{" + members.map { "\(jsonString($0)): \($1.text)" }.joined(separator: ", ") + "}"
    }
  }
}
