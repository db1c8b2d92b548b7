package io.fairlead.bench.kubeproxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/**
 * A kubeconfig's current context, with the files that it names read in, so that it can be written
 * elsewhere. Immutable.
 *
 * @param server an http or https URL
 * @param authority certificates to trust, in PEM; empty for the system's
 * @param certificate the client's, in PEM; empty for none
 * @param key the client's private key, in PEM; empty for none
 * @param token a bearer token; empty for none
 * @param serverName in place of the URL's host, for the check of the server's certificate; or empty
 * @param insecure whether any certificate of the server will do
 */
record Kubeconfig(
    URI server,
    String authority,
    String certificate,
    String key,
    String token,
    String serverName,
    boolean insecure) {

  private static final YAMLMapper YAML = new YAMLMapper();

  static Kubeconfig read(Path file) throws IOException {
    JsonNode root = YAML.readTree(Files.readString(file));
    JsonNode context =
        named(file, root, "contexts", "context", root.path("current-context").asText());
    JsonNode cluster = named(file, root, "clusters", "cluster", context.path("cluster").asText());
    JsonNode user = named(file, root, "users", "user", context.path("user").asText());
    for (String unknown : new String[] {"exec", "auth-provider", "username"}) {
      if (user.has(unknown)) {
        throw new IllegalArgumentException(
            "the kubeconfig "
                + file
                + " has a user with \""
                + unknown
                + "\"; the benchmark takes a token or a client certificate");
      }
    }
    if (cluster.has("proxy-url")) {
      throw new IllegalArgumentException(
          "the kubeconfig " + file + " has a proxy-url; the benchmark connects directly");
    }
    String server = cluster.path("server").asText();
    if (!server.matches("https?://.+")) {
      throw new IllegalArgumentException(
          "the kubeconfig " + file + " has no server whose URL begins with https: or http:");
    }
    String token =
        user.hasNonNull("tokenFile")
            ? Files.readString(file.resolveSibling(user.path("tokenFile").asText())).strip()
            : user.path("token").asText();
    return new Kubeconfig(
        URI.create(server),
        text(file, cluster, "certificate-authority"),
        text(file, user, "client-certificate"),
        text(file, user, "client-key"),
        token,
        cluster.path("tls-server-name").asText(),
        cluster.path("insecure-skip-tls-verify").asBoolean());
  }

  private static JsonNode named(Path file, JsonNode root, String list, String field, String name) {
    for (JsonNode entry : root.path(list)) {
      if (entry.path("name").asText().equals(name)) {
        return entry.path(field);
      }
    }
    throw new IllegalArgumentException(
        "the kubeconfig " + file + " has no entry \"" + name + "\" in " + list);
  }

  /** The data that a field has itself, or the file that it names. */
  private static String text(Path file, JsonNode of, String field) throws IOException {
    if (of.hasNonNull(field + "-data")) {
      byte[] data = Base64.getMimeDecoder().decode(of.path(field + "-data").asText());
      return new String(data, StandardCharsets.US_ASCII);
    }
    return of.hasNonNull(field)
        ? Files.readString(file.resolveSibling(of.path(field).asText()))
        : "";
  }

  boolean isTls() {
    return server.getScheme().equals("https");
  }

  /** The URL's host, without the brackets of an IPv6 address. */
  String host() {
    return server.getHost().replaceAll("[\\[\\]]", "");
  }

  int port() {
    return server.getPort() >= 0 ? server.getPort() : isTls() ? 443 : 80;
  }

  /** Where the server is, as this machine resolves the name. */
  InetSocketAddress address() {
    return new InetSocketAddress(host(), port());
  }

  /** Whether the host is a name, which somebody has to resolve. */
  boolean hasName() {
    return !host().matches("[\\d.]+|.*:.*");
  }

  /** What the header Authorization says; empty for nothing. */
  String authorization() {
    return token.isEmpty() ? "" : "Bearer " + token;
  }

  /** Writes it with everything in one file. */
  void write(Path file) throws IOException {
    ObjectNode cluster = YAML.createObjectNode().put("server", server.toString());
    putData(cluster, "certificate-authority-data", authority);
    if (!serverName.isEmpty()) {
      cluster.put("tls-server-name", serverName);
    }
    if (insecure) {
      cluster.put("insecure-skip-tls-verify", true);
    }
    ObjectNode user = YAML.createObjectNode();
    putData(user, "client-certificate-data", certificate);
    putData(user, "client-key-data", key);
    if (!token.isEmpty()) {
      user.put("token", token);
    }
    ObjectNode root = YAML.createObjectNode();
    root.put("apiVersion", "v1").put("kind", "Config").put("current-context", "bench");
    ObjectNode context = root.putArray("contexts").addObject().put("name", "bench");
    context.putObject("context").put("cluster", "bench").put("user", "bench");
    root.putArray("clusters").addObject().put("name", "bench").set("cluster", cluster);
    root.putArray("users").addObject().put("name", "bench").set("user", user);
    Files.writeString(file, YAML.writeValueAsString(root));
  }

  private static void putData(ObjectNode node, String field, String text) {
    if (!text.isEmpty()) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      node.put(field, Base64.getEncoder().encodeToString(bytes));
    }
  }
}
