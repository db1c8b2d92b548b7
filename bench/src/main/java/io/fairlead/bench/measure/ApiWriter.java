package io.fairlead.bench.measure;

import io.fairlead.bench.lab.LabNamespace;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A client of the API server that does little but write objects, over one connection of HTTP/1.1.
 * Not thread-safe.
 */
public final class ApiWriter implements AutoCloseable {

  private static final int LIMIT_MILLIS = 30_000;

  private final Socket socket;
  private final String headers;
  private final InputStream in;

  private ApiWriter(Socket socket, String headers) throws IOException {
    this.socket = socket;
    this.headers = headers;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /** Connects from {@code from}. */
  public static ApiWriter connect(LabNamespace from, InetSocketAddress to)
      throws IOException, InterruptedException {
    Socket socket =
        from.call(() -> {
          Socket made = new Socket();
          made.setTcpNoDelay(true);
          made.connect(to, LIMIT_MILLIS);
          made.setSoTimeout(LIMIT_MILLIS);
          return made;
        });
    return over(socket, "api", "");
  }

  /**
   * Speaks over a connection that is made, with or without TLS, and closes it.
   *
   * @param host what the server is called
   * @param authorization that header's value, or empty
   */
  public static ApiWriter over(Socket socket, String host, String authorization)
      throws IOException {
    String credentials = authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n";
    return new ApiWriter(socket, "Host: " + host + "\r\n" + credentials);
  }

  /**
   * When a write was sent and when it was answered, by System.nanoTime.
   *
   * @param sent before the first byte
   * @param body of the answer: JSON
   */
  public record Written(long sent, long answered, String body) {}

  /** Reads what is at {@code path}, such as "/api/v1/nodes?limit=1": JSON. */
  public String get(String path) throws IOException {
    return send("GET", path, "").body();
  }

  /**
   * Creates an object.
   *
   * @param collection for example "/api/v1/namespaces/default/services"
   */
  public Written create(String collection, String json) throws IOException {
    return send("POST", collection, json);
  }

  /** Replaces the object of this name. */
  public Written replace(String collection, String name, String json) throws IOException {
    return send("PUT", collection + "/" + name, json);
  }

  /** Deletes all objects of a collection. */
  public Written deleteAll(String collection) throws IOException {
    return send("DELETE", collection, "");
  }

  /** Deletes the object of this name. */
  public Written delete(String collection, String name) throws IOException {
    return send("DELETE", collection + "/" + name, "");
  }

  private Written send(String method, String path, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        """
        %s %s HTTP/1.1\r
        %sContent-Type: application/json\r
        Accept: application/json\r
        Content-Length: %d\r
        \r
        """
            .formatted(method, path, headers, body.length)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] request = new byte[head.length + body.length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(body, 0, request, head.length, body.length);
    long sent = System.nanoTime();
    socket.getOutputStream().write(request);
    socket.getOutputStream().flush();
    String status = line();
    int length = -1;
    boolean chunked = false;
    for (String line = line(); !line.isEmpty(); line = line()) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(lower.indexOf(':') + 1).strip());
      }
      chunked |= lower.matches("transfer-encoding:\\s*chunked\\s*");
    }
    long answered = System.nanoTime();
    if (length < 0 && !chunked) {
      throw new IOException("the API server did not say how long its answer is");
    }
    String answer = new String(chunked ? chunks() : in.readNBytes(length), StandardCharsets.UTF_8);
    if (!status.matches("HTTP/1\\.1 20[012] .*")) {
      throw new IOException("the API server refused " + method + " " + path + ": " + answer);
    }
    return new Written(sent, answered, answer);
  }

  /** A body whose length nobody knew before (RFC 9112, section 7.1). */
  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int length = Integer.parseInt(line().replaceFirst(";.*", "").strip(), 16);
      if (length == 0) {
        while (!line().isEmpty()) {
          // Trailers, which nobody needs.
        }
        return body.toByteArray();
      }
      body.write(in.readNBytes(length));
      line();
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the API server closed the connection");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException("closing a socket failed", e);
    }
  }
}
