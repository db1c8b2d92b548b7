package io.fairlead.bench.measure;

import io.fairlead.bench.lab.LabNamespace;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A client of the API server that does nothing but write objects, over one connection. Not
 * thread-safe.
 */
public final class ApiWriter implements AutoCloseable {

  private static final int LIMIT_MILLIS = 30_000;

  private final Socket socket;
  private final InputStream in;

  private ApiWriter(Socket socket) throws IOException {
    this.socket = socket;
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
    return new ApiWriter(socket);
  }

  /**
   * When a write was sent and when it was answered, by System.nanoTime.
   *
   * @param sent before the first byte
   */
  public record Written(long sent, long answered) {}

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

  /** Deletes the object of this name. */
  public Written delete(String collection, String name) throws IOException {
    return send("DELETE", collection + "/" + name, "");
  }

  private Written send(String method, String path, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        """
        %s %s HTTP/1.1\r
        Host: api\r
        Content-Type: application/json\r
        Content-Length: %d\r
        \r
        """
            .formatted(method, path, body.length)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] request = new byte[head.length + body.length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(body, 0, request, head.length, body.length);
    long sent = System.nanoTime();
    socket.getOutputStream().write(request);
    String status = line();
    int length = -1;
    for (String line = line(); !line.isEmpty(); line = line()) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(lower.indexOf(':') + 1).strip());
      }
    }
    long answered = System.nanoTime();
    if (length < 0) {
      throw new IOException("the API server did not say how long its answer is");
    }
    byte[] answer = in.readNBytes(length);
    if (!status.matches("HTTP/1\\.1 20[01] .*")) {
      throw new IOException(
          "the API server refused " + path + ": " + new String(answer, StandardCharsets.UTF_8));
    }
    return new Written(sent, answered);
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
