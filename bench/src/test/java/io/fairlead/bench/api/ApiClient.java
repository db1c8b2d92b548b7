package io.fairlead.bench.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The JDK's client, speaking to the double as any client would. */
final class ApiClient implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient client;
  private final URI server;

  ApiClient(URI server) {
    this(server, HttpClient.newBuilder());
  }

  ApiClient(URI server, HttpClient.Builder builder) {
    this.server = server;
    this.client = builder.version(HttpClient.Version.HTTP_1_1).build();
  }

  record Answer(int status, JsonNode body) {
    String reason() {
      return body.path("reason").asText();
    }

    String version() {
      return body.path("metadata").path("resourceVersion").asText();
    }
  }

  Answer send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            request(path, headers)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), MAPPER.readTree(response.body()));
  }

  Answer get(String path, String... headers) throws IOException, InterruptedException {
    return send("GET", path, "", headers);
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.timeout(Duration.ofSeconds(20));
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  Watch watch(String path) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        client.send(request(path).build(), HttpResponse.BodyHandlers.ofInputStream());
    return new Watch(response.statusCode(), response.body());
  }

  /** The lines of a watch. */
  static final class Watch implements AutoCloseable {
    private final int status;
    private final BufferedReader lines;

    private Watch(int status, InputStream stream) {
      this.status = status;
      this.lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    int status() {
      return status;
    }

    /** The next event, waiting for it; null at the orderly end. */
    @Nullable JsonNode next() throws IOException {
      String line = lines.readLine();
      return line == null ? null : MAPPER.readTree(line);
    }

    /** "ADDED name version", or "end". */
    String nextText() throws IOException {
      JsonNode event = next();
      if (event == null) {
        return "end";
      }
      JsonNode metadata = event.path("object").path("metadata");
      return event.path("type").asText()
          + " "
          + metadata.path("name").asText("-")
          + " "
          + metadata.path("resourceVersion").asText("-");
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
