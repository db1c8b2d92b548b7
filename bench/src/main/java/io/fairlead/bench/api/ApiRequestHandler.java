package io.fairlead.bench.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.dataplane.model.ObjectKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Answers HTTP requests out of a store. Thread-safe. */
final class ApiRequestHandler {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A real server chooses between this and twice as long, if the client does not. */
  private static final long WATCH_SECONDS = 1800;

  private final ApiStore store;
  private final ListPages pages;
  private final ApiFaults faults;
  private final BooleanSupplier closed;
  private final Queue<ApiRequest> requests = new ConcurrentLinkedQueue<>();
  private volatile Optional<String> token = Optional.empty();
  private volatile Duration bookmarkInterval = Duration.ofMinutes(1);
  private volatile boolean allocates;
  private final AtomicInteger allocated = new AtomicInteger();

  ApiRequestHandler(ApiStore store, ListPages pages, ApiFaults faults, BooleanSupplier closed) {
    this.store = store;
    this.pages = pages;
    this.faults = faults;
    this.closed = closed;
  }

  void token(Optional<String> value) {
    token = value;
  }

  void bookmarkInterval(Duration value) {
    bookmarkInterval = value;
  }

  void allocateClusterIps() {
    allocates = true;
  }

  List<ApiRequest> requests() {
    return List.copyOf(requests);
  }

  void handle(ApiCall call) {
    try {
      try {
        answer(call);
      } catch (ApiFailure failure) {
        send(call, failure.code(), failure.toStatus());
      } catch (JsonProcessingException e) {
        ApiFailure failure =
            ApiFailure.badRequest("the body is not JSON: " + e.getOriginalMessage());
        send(call, failure.code(), failure.toStatus());
      }
    } catch (IOException e) {
      return; // The client has gone, and so nobody waits for the answer.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(ApiCall call) throws ApiFailure, IOException, InterruptedException {
    String path = call.uri().getPath();
    int failure = faults.failure();
    if (failure != 0) {
      throw ApiFailure.unavailable(failure);
    }
    if (path.matches("/(healthz|livez|readyz)")) {
      record(call, 200);
      call.reply(200, "text/plain", new byte[] {'o', 'k'});
      return;
    }
    authorize(call);
    if (path.equals("/version")) {
      ObjectNode version = JsonNodeFactory.instance.objectNode();
      send(call, 200, version.put("major", "1").put("minor", "36").put("gitVersion", "v1.36.0"));
      return;
    }
    RequestTarget target = RequestTarget.parse(call.uri());
    switch (call.method()) {
      case "GET" -> get(call, target);
      case "POST" -> send(call, 201, create(target, body(call)));
      case "PUT" -> send(call, 200, update(target, body(call)));
      case "PATCH" -> send(call, 200, patch(call, target));
      case "DELETE" -> send(call, 200, delete(target));
      default -> throw ApiFailure.methodNotAllowed();
    }
  }

  private void authorize(ApiCall call) throws ApiFailure {
    Optional<String> expected = token.map(value -> "Bearer " + value);
    String given = call.header("Authorization");
    if (expected.isPresent() && !expected.get().equals(given)) {
      throw ApiFailure.unauthorized();
    }
  }

  private static JsonNode body(ApiCall call) throws IOException, ApiFailure {
    JsonNode body = MAPPER.readTree(call.body());
    if (body == null || !body.isObject()) {
      throw ApiFailure.badRequest("the body is not an object");
    }
    return body;
  }

  private void get(ApiCall call, RequestTarget target)
      throws ApiFailure, IOException, InterruptedException {
    if (target.flag("watch")) {
      watch(call, target);
    } else if (target.name().isEmpty()) {
      long asked = target.number("resourceVersion", 0);
      if (asked > store.version()) {
        throw ApiFailure.tooLargeVersion(asked, store.version());
      }
      int limit = (int) Math.min(target.number("limit", 0), Integer.MAX_VALUE);
      send(
          call,
          200,
          pages.list(target.resource(), target.filter(), limit, target.parameter("continue")));
    } else {
      send(call, 200, store.get(target.resource(), target.key()));
    }
  }

  private ObjectNode create(RequestTarget target, JsonNode body) throws ApiFailure {
    if (!target.name().isEmpty()) {
      throw ApiFailure.methodNotAllowed();
    }
    return store.create(target.resource(), allocated(target, inNamespace(target, body))).object();
  }

  /** A Service that needs a cluster IP and names none gets the next one of 10.96.0.0/16. */
  private JsonNode allocated(RequestTarget target, JsonNode body) {
    JsonNode spec = body.path("spec");
    boolean needs =
        allocates
            && target.resource() == ApiResource.SERVICES
            && spec.path("clusterIP").asText().isEmpty()
            && !spec.path("type").asText().equals("ExternalName");
    if (!needs) {
      return body;
    }
    int number = allocated.getAndIncrement();
    String address = "10.96." + (1 + number / 250 % 254) + "." + (1 + number % 250);
    ObjectNode object = body.deepCopy();
    object.withObject("/spec").put("clusterIP", address).putArray("clusterIPs").add(address);
    return object;
  }

  private ObjectNode update(RequestTarget target, JsonNode body) throws ApiFailure {
    JsonNode object = inNamespace(target, body);
    String name = object.path("metadata").path("name").asText();
    if (!name.equals(target.name())) {
      throw ApiFailure.badRequest(
          "the name of the object ("
              + name
              + ") does not match the name on the URL ("
              + target.name()
              + ")");
    }
    ApiWrite write = store.update(target.resource(), object);
    return write == null ? store.get(target.resource(), target.key()) : write.object();
  }

  private static JsonNode inNamespace(RequestTarget target, JsonNode body) throws ApiFailure {
    if (!target.resource().isNamespaced()) {
      return body;
    }
    ObjectNode object = body.deepCopy();
    if (object.path("metadata") instanceof ObjectNode metadata) {
      String given = metadata.path("namespace").asText(target.namespace());
      if (!given.equals(target.namespace())) {
        throw ApiFailure.badRequest(
            "the namespace of the provided object does not match the namespace sent on the request");
      }
      metadata.put("namespace", given);
    }
    return object;
  }

  private ObjectNode patch(ApiCall call, RequestTarget target) throws ApiFailure, IOException {
    Patch patch = Patch.of(call.header("Content-Type"));
    JsonNode changes = body(call);
    boolean demandsVersion = changes.path("metadata").has("resourceVersion");
    while (true) {
      ObjectNode before = store.get(target.resource(), target.key());
      JsonNode after = patch.apply(before, changes);
      if (!target.resource().key(after).equals(target.key())) {
        throw ApiFailure.invalid("metadata.name: Invalid value: field is immutable");
      }
      try {
        ApiWrite write = store.update(target.resource(), after);
        return write == null ? before : write.object();
      } catch (ApiFailure failure) {
        // Someone else was faster: the server tries again, unless the client named a version.
        if (failure.code() != 409 || demandsVersion) {
          throw failure;
        }
      }
    }
  }

  private ObjectNode delete(RequestTarget target) throws ApiFailure {
    if (target.name().isEmpty()) {
      return deleteCollection(target);
    }
    ObjectKey key = target.key();
    ApiWrite write = store.delete(target.resource(), key);
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    status.put("status", "Success");
    status
        .putObject("details")
        .put("name", key.name())
        .put("group", target.resource().group())
        .put("kind", target.resource().plural())
        .put("uid", write.object().path("metadata").path("uid").asText());
    return status;
  }

  /** Deletes what a list would return, and answers with the list, as the real one does. */
  private ObjectNode deleteCollection(RequestTarget target) throws ApiFailure {
    ObjectNode list = pages.list(target.resource(), target.filter(), 0, "");
    for (JsonNode object : list.path("items")) {
      store.delete(target.resource(), target.resource().key(object));
    }
    return list;
  }

  private void watch(ApiCall call, RequestTarget target)
      throws ApiFailure, IOException, InterruptedException {
    boolean streamsList = streamsList(target);
    long asked = target.number("resourceVersion", 0);
    if (streamsList && asked > store.version()) {
      throw ApiFailure.tooLargeVersion(asked, store.version());
    }
    long after = streamsList ? 0 : asked;
    long seconds = target.number("timeoutSeconds", 0);
    WatchStream.Parameters parameters =
        new WatchStream.Parameters(
            target.resource(),
            target.name().isEmpty() ? target.filter() : byName(target),
            after,
            after == 0,
            streamsList && target.flag("allowWatchBookmarks"),
            target.flag("allowWatchBookmarks") ? bookmarkInterval : Duration.ZERO,
            Duration.ofSeconds(seconds == 0 ? WATCH_SECONDS : seconds));
    if (after != 0 && faults.gone() == ApiFaults.Gone.STATUS) {
      store.requireHistory(after);
    }
    record(call, 200);
    ApiCall.Events events = call.events();
    try {
      new WatchStream(store, faults, parameters, closed, events).run();
      events.finish();
    } catch (IOException e) {
      events.cut();
    }
  }

  /**
   * Whether a watch takes the place of a list, whose end a bookmark marks (Kubernetes API Concepts,
   * "Streaming lists").
   */
  private static boolean streamsList(RequestTarget target) throws ApiFailure {
    boolean given = !target.parameter("sendInitialEvents").isEmpty();
    String match = target.parameter("resourceVersionMatch");
    if (given && !match.equals("NotOlderThan")) {
      throw ApiFailure.invalid(
          "resourceVersionMatch: Forbidden: sendInitialEvents requires setting"
              + " resourceVersionMatch to NotOlderThan");
    }
    if (!given && !match.isEmpty()) {
      throw ApiFailure.invalid(
          "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless"
              + " sendInitialEvents is provided");
    }
    return target.flag("sendInitialEvents");
  }

  private static ObjectFilter byName(RequestTarget target) throws ApiFailure {
    return ObjectFilter.of(
        target.resource(), target.namespace(), "", "metadata.name=" + target.name());
  }

  private void send(ApiCall call, int status, JsonNode body) throws IOException {
    record(call, status);
    call.reply(status, "application/json", MAPPER.writeValueAsBytes(body));
  }

  private void record(ApiCall call, int status) {
    requests.add(new ApiRequest(call.method(), call.uri().toString(), status, System.nanoTime()));
  }
}
