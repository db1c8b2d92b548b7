package io.fairlead.agent.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a failed request to the API server means for an operator. Pure. */
final class ApiFailure {

  private ApiFailure() {}

  /** The one line of a chain of causes that tells most, with the mend where there is one. */
  static String describe(Throwable failure) {
    Throwable cause = failure;
    while (!tellsMost(cause) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case KubernetesClientException e when e.getCode() != 0 -> status(e);
      case HttpTimeoutException _ -> "no answer in time";
      case ConnectException e ->
          "it cannot be connected to" + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")");
      case UnknownHostException e -> "its host name is unknown (" + firstLine(e) + ")";
      case SSLException e ->
          "its certificate or TLS is not accepted ("
              + firstLine(root(e))
              + "); correct certificate-authority of the kubeconfig, or the server's name";
      default -> firstLine(cause);
    };
  }

  private static boolean tellsMost(Throwable cause) {
    return cause instanceof ConnectException
        || cause instanceof HttpTimeoutException
        || cause instanceof UnknownHostException
        || cause instanceof SSLException
        || (cause instanceof KubernetesClientException e && e.getCode() != 0);
  }

  private static String status(KubernetesClientException failure) {
    String said = "status " + failure.getCode() + message(failure);
    return switch (failure.getCode()) {
      case 401 ->
          said + "; it does not accept the token or certificate of the kubeconfig, renew it";
      case 403 -> said + "; allow this user get, list and watch by a ClusterRole";
      default -> said;
    };
  }

  /** What the API server says besides the code, in parentheses; empty if nothing. */
  static String message(KubernetesClientException failure) {
    String message = failure.getStatus() == null ? null : failure.getStatus().getMessage();
    return message == null || message.isBlank()
        ? ""
        : " (" + message.lines().findFirst().orElse("") + ")";
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static String firstLine(Throwable cause) {
    @Nullable String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : Objects.requireNonNull(message.lines().findFirst().orElse(message));
  }
}
