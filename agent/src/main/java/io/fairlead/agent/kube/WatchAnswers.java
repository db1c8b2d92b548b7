package io.fairlead.agent.kube;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells which requests for a watch the API server grants, and which it does not. The client itself
 * calls a watch over plain HTTP connected only when the first event has come, which for a kind that
 * never changes is at the first bookmark.
 */
final class WatchAnswers implements Interceptor {

  /** Told of each request for a watch. */
  @FunctionalInterface
  interface Listener {

    /**
     * Called on threads of the client, perhaps under its locks: must neither wait nor throw.
     *
     * @param path of the request, such as /api/v1/nodes
     * @param granted whether events follow; if not, it was refused or there was no connection
     */
    void answered(String path, boolean granted);
  }

  private static final int SWITCHING_PROTOCOLS = 101;

  private final Listener listener;

  WatchAnswers(Listener listener) {
    this.listener = listener;
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.@Nullable Consumer<List<ByteBuffer>> consumer) {
    if (isWatch(request)) {
      int status = response.code();
      listener.answered(
          request.uri().getPath(),
          status == HttpURLConnection.HTTP_OK || status == SWITCHING_PROTOCOLS);
    }
  }

  @Override
  public void afterConnectionFailure(HttpRequest request, Throwable failure) {
    if (isWatch(request)) {
      listener.answered(request.uri().getPath(), false);
    }
  }

  private static boolean isWatch(HttpRequest request) {
    String query = request.uri().getRawQuery();
    return query != null && Arrays.asList(query.split("&", -1)).contains("watch=true");
  }
}
