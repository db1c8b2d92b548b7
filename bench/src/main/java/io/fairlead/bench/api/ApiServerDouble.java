package io.fairlead.bench.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fairlead.dataplane.model.ObjectKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes API server for Services, EndpointSlices, Nodes, Pods, Namespaces, NetworkPolicies,
 * ServiceCIDRs and Events, over HTTP/1.1 with or without TLS, watches over chunks or a WebSocket.
 * It lists (in pages whose tokens can expire, or as a watch's first events), watches (with
 * bookmarks, time limits and 410 Gone), selects by labels and some fields, creates, updates,
 * patches and deletes as the real one does; {@link #faults} makes it misbehave as the real one
 * does, too. It does not validate specifications or know subresources, and allocates addresses only
 * when told. Thread-safe.
 */
public final class ApiServerDouble implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML = new YAMLMapper();

  private final ApiStore store = new ApiStore();
  private final ListPages pages = new ListPages(store);
  private final ApiFaults faults = new ApiFaults();
  private final @Nullable ServerIdentity identity;
  private final InetSocketAddress address;
  private final ApiRequestHandler handler =
      new ApiRequestHandler(store, pages, faults, () -> this.down);
  private NettyApiServer server;
  private volatile boolean down;
  private volatile Optional<String> token = Optional.empty();

  private ApiServerDouble(InetSocketAddress requested, @Nullable ServerIdentity identity)
      throws IOException {
    this.identity = identity;
    this.server =
        new NettyApiServer(
            requested, identity == null ? null : identity.context(), handler::handle);
    this.address = server.address();
  }

  /** Listens at a free port of 127.0.0.1, without TLS. */
  public static ApiServerDouble start() throws IOException {
    return start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /**
   * Listens without TLS, in the calling thread's network namespace; port 0 for a free one. Its
   * threads belong to no namespace that matters, since sockets keep theirs.
   */
  public static ApiServerDouble start(InetSocketAddress address) throws IOException {
    return new ApiServerDouble(address, null);
  }

  /** Listens with TLS and a certificate of its own, in the calling thread's network namespace. */
  public static ApiServerDouble startTls(InetSocketAddress address) throws IOException {
    String host = address.getAddress().getHostAddress();
    return new ApiServerDouble(address, ServerIdentity.create(host));
  }

  private NettyApiServer listen(InetSocketAddress where) throws IOException {
    return new NettyApiServer(where, identity == null ? null : identity.context(), handler::handle);
  }

  /** "http://127.0.0.1:40001". */
  public URI uri() {
    String host = address.getAddress().getHostAddress();
    String literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    String scheme = identity == null ? "http" : "https";
    return URI.create(scheme + "://" + literal + ":" + address.getPort());
  }

  /** The certificate to trust, in PEM; empty without TLS. */
  public String certificate() {
    return identity == null ? "" : identity.pem();
  }

  /** What is to go wrong. */
  public ApiFaults faults() {
    return faults;
  }

  /** From now on only requests with this bearer token are let in; the one before is refused. */
  public ApiServerDouble requireToken(String value) {
    token = Optional.of(value);
    handler.token(token);
    return this;
  }

  /** How often a watch gets a bookmark if it asks for them; a minute at first. */
  public ApiServerDouble bookmarkInterval(Duration interval) {
    handler.bookmarkInterval(interval);
    return this;
  }

  /** From now on a Service that is created over HTTP without a cluster IP gets one. */
  public ApiServerDouble allocateClusterIps() {
    handler.allocateClusterIps();
    return this;
  }

  /** Writes a kubeconfig that leads here, with the certificate and the present token. */
  public void writeKubeconfig(Path file) throws IOException {
    String trust =
        identity == null
            ? ""
            : "    certificate-authority-data: "
                + Base64.getEncoder().encodeToString(certificate().getBytes(StandardCharsets.UTF_8))
                + "\n";
    String user = token.map(value -> "{token: \"" + value + "\"}").orElse("{}");
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        current-context: double
        contexts:
        - name: double
          context: {cluster: double, user: double}
        users:
        - name: double
          user: %s
        clusters:
        - name: double
          cluster:
            server: %s
        %s\
        """
            .formatted(user, uri(), trust));
  }

  /**
   * Creates an object from JSON or YAML with apiVersion and kind.
   *
   * @throws ApiFailure as a client would get it
   */
  public ApiWrite create(String object) throws ApiFailure {
    JsonNode node = only(object);
    return store.create(ApiResource.of(node), node);
  }

  /**
   * Creates an object with apiVersion and kind without reading any text, for large clusters. Values
   * in it may be raw JSON ({@link ObjectNode#putRawValue}), which takes less memory than a tree.
   *
   * @param object is copied, except raw values
   * @throws ApiFailure as a client would get it
   */
  public ApiWrite create(ObjectNode object) throws ApiFailure {
    return store.create(ApiResource.of(object), object);
  }

  /** Replaces an object; null if nothing differs. */
  public @Nullable ApiWrite update(String object) throws ApiFailure {
    JsonNode node = only(object);
    return store.update(ApiResource.of(node), node);
  }

  /** Creates or replaces each of the YAML documents; one that is as it was makes no write. */
  public List<ApiWrite> apply(String documents) throws ApiFailure {
    List<ApiWrite> writes = new ArrayList<>();
    for (JsonNode node : parse(documents)) {
      ApiResource resource = ApiResource.of(node);
      boolean exists = store.find(resource, resource.key(node)) != null;
      ApiWrite write = exists ? store.update(resource, node) : store.create(resource, node);
      if (write != null) {
        writes.add(write);
      }
    }
    return writes;
  }

  /** Deletes an object; {@code namespace} is empty for Nodes and Namespaces. */
  public ApiWrite delete(ApiResource resource, String namespace, String name) throws ApiFailure {
    return store.delete(resource, new ObjectKey(namespace, name));
  }

  /** A copy of an object as it is now, or empty. */
  public Optional<ObjectNode> find(ApiResource resource, String namespace, String name) {
    ObjectNode found = store.find(resource, new ObjectKey(namespace, name));
    return Optional.ofNullable(found).map(ObjectNode::deepCopy);
  }

  private static JsonNode only(String text) throws ApiFailure {
    List<JsonNode> nodes = parse(text);
    if (nodes.size() != 1) {
      throw ApiFailure.badRequest("one object was expected, not " + nodes.size());
    }
    return nodes.getFirst();
  }

  /** YAML, and so JSON too. */
  private static List<JsonNode> parse(String text) throws ApiFailure {
    List<JsonNode> nodes = new ArrayList<>();
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(text)) {
      while (documents.hasNext()) {
        JsonNode node = documents.next();
        if (node != null && node.isObject()) {
          // Numbers of YAML come in the types that JSON gives them.
          nodes.add(JSON.readTree(JSON.writeValueAsBytes(node)));
        }
      }
      return nodes;
    } catch (JsonProcessingException e) {
      throw ApiFailure.badRequest("neither YAML nor JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new IllegalStateException("reading a string failed", e);
    }
  }

  /** The version of the last change. */
  public long version() {
    return store.version();
  }

  /** Every change since the last compaction, in order, with the time it was made. */
  public List<ApiWrite> history() {
    return store.history();
  }

  /** Every request so far, in the order in which they were answered. */
  public List<ApiRequest> requests() {
    return handler.requests();
  }

  /**
   * Forgets the history, as etcd's compaction does: watches from before now get 410 Gone. Watches
   * that have seen everything go on.
   */
  public void compact() {
    store.compact();
  }

  /** Makes lists that are half read fail with 410 Gone at their next page. */
  public void expireContinueTokens() {
    pages.expire();
  }

  /** Stops listening and cuts every connection, as a server that crashes; the objects stay. */
  public synchronized void goDown() {
    down = true;
    store.wake();
    faults.dropWatches();
    server.close();
  }

  /**
   * Listens again at the same address, in the calling thread's network namespace; changes may have
   * been made meanwhile.
   */
  public synchronized void comeBack() throws IOException {
    if (down) {
      down = false;
      server = listen(address);
    }
  }

  @Override
  public void close() {
    goDown();
  }
}
