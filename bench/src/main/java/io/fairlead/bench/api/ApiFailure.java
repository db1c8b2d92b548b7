package io.fairlead.bench.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.dataplane.model.ObjectKey;

/**
 * A request that is answered with a Status object of kind Failure (k8s.io/apimachinery
 * pkg/apis/meta/v1 types.go).
 */
public final class ApiFailure extends Exception {

  private final int code;
  private final String reason;

  private ApiFailure(int code, String reason, String message) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  /** The HTTP status. */
  public int code() {
    return code;
  }

  /** One word, as the API server spells it: "NotFound", "Conflict", "Expired". */
  public String reason() {
    return reason;
  }

  static ApiFailure badRequest(String message) {
    return new ApiFailure(400, "BadRequest", message);
  }

  static ApiFailure unauthorized() {
    return new ApiFailure(401, "Unauthorized", "Unauthorized");
  }

  static ApiFailure notFound(ApiResource resource, ObjectKey key) {
    return new ApiFailure(404, "NotFound", named(resource, key) + " not found");
  }

  static ApiFailure noSuchPath() {
    return new ApiFailure(404, "NotFound", "the server could not find the requested resource");
  }

  static ApiFailure methodNotAllowed() {
    return new ApiFailure(
        405, "MethodNotAllowed", "the server does not allow this method on the resource");
  }

  static ApiFailure alreadyExists(ApiResource resource, ObjectKey key) {
    return new ApiFailure(409, "AlreadyExists", named(resource, key) + " already exists");
  }

  static ApiFailure conflict(ApiResource resource, ObjectKey key) {
    return new ApiFailure(
        409,
        "Conflict",
        "Operation cannot be fulfilled on "
            + named(resource, key)
            + ": the object has been modified; please apply your changes to the latest version and"
            + " try again");
  }

  /** The history that was asked for has been compacted away. */
  static ApiFailure tooOld(long asked, long oldest) {
    return new ApiFailure(
        410, "Expired", "too old resource version: " + asked + " (" + oldest + ")");
  }

  static ApiFailure continueExpired() {
    return new ApiFailure(
        410,
        "Expired",
        "The provided continue parameter is too old to display a consistent list result. You must"
            + " start a new list without the continue parameter.");
  }

  static ApiFailure unsupportedMediaType(String type) {
    return new ApiFailure(
        415, "UnsupportedMediaType", "the body of the request was in an unknown format: " + type);
  }

  static ApiFailure invalid(String message) {
    return new ApiFailure(422, "Invalid", message);
  }

  static ApiFailure tooLargeVersion(long asked, long current) {
    return new ApiFailure(
        504, "Timeout", "Too large resource version: " + asked + ", current: " + current);
  }

  /** What a server says that is there and cannot serve. */
  static ApiFailure unavailable(int code) {
    return new ApiFailure(
        code,
        code == 429 ? "TooManyRequests" : "ServiceUnavailable",
        "the double was told to fail");
  }

  private static String named(ApiResource resource, ObjectKey key) {
    String group = resource.group().isEmpty() ? "" : "." + resource.group();
    return resource.plural() + group + " \"" + key.name() + "\"";
  }

  ObjectNode toStatus() {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    return status
        .put("status", "Failure")
        .put("message", getMessage())
        .put("reason", reason)
        .put("code", code);
  }
}
