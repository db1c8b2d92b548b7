package io.fairlead.agent.kube;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells with which HTTP status each request for a watch is answered. The client itself heeds a 410
 * only at the first request of a watch over a WebSocket. A later one, to go on after a break, it
 * repeats as it is for ever.
 */
final class WatchAnswers implements Interceptor {

  private final ObjIntConsumer<String> listener;

  /**
   * @param listener given the path of the request, such as /api/v1/nodes, and the status; called on
   *     threads of the client, perhaps under its locks, so it must neither wait nor throw
   */
  WatchAnswers(ObjIntConsumer<String> listener) {
    this.listener = listener;
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.@Nullable Consumer<List<ByteBuffer>> consumer) {
    String query = request.uri().getRawQuery();
    if (query != null && Arrays.asList(query.split("&", -1)).contains("watch=true")) {
      listener.accept(request.uri().getPath(), response.code());
    }
  }
}
