package io.fairlead.agent.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fairlead.agent.config.YamlMessage;
import io.fairlead.agent.node.FileReason;
import io.fairlead.agent.source.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How to reach the API server: by a kubeconfig, or as a pod of the cluster does. Nothing else is
 * looked at, neither KUBECONFIG nor a home folder, so that an agent never talks to a cluster that
 * nobody named.
 */
public final class ApiAccess {

  private static final Logger LOG = LoggerFactory.getLogger(ApiAccess.class);

  /** Where a pod finds its service account (k8s.io/client-go rest/config.go). */
  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private ApiAccess() {}

  /**
   * The way to the cluster that {@code kubeconfig} names, or to the one this pod runs in.
   *
   * @throws SourceException if neither leads to a cluster
   */
  static Config config(@Nullable Path kubeconfig) throws SourceException {
    return kubeconfig != null
        ? fromKubeconfig(kubeconfig)
        : inCluster(SERVICE_ACCOUNT, System::getenv);
  }

  static KubernetesClient client(Config config, WatchAnswers answers) {
    return new KubernetesClientBuilder()
        .withHttpClientFactory(new JdkHttpClientFactory())
        .withHttpClientBuilderConsumer(
            builder -> builder.addOrReplaceInterceptor("watch-answers", answers))
        .withConfig(config)
        .withKubernetesSerialization(serialization())
        .build();
  }

  /** Knows the kinds used here; left to itself it would load every kind that Kubernetes has. */
  private static KubernetesSerialization serialization() {
    KubernetesSerialization serialization = new KubernetesSerialization(new ObjectMapper(), false);
    serialization.registerKubernetesResource(Service.class);
    serialization.registerKubernetesResource(EndpointSlice.class);
    serialization.registerKubernetesResource(Node.class);
    serialization.registerKubernetesResource(Status.class);
    return serialization;
  }

  static Config fromKubeconfig(Path kubeconfig) throws SourceException {
    if (!Files.isReadable(kubeconfig)) {
      throw new SourceException(
          "There is no kubeconfig " + kubeconfig + " that can be read. Correct --kubeconfig", null);
    }
    try {
      Config plain = PlainKubeconfig.parse(kubeconfig, Files.readString(kubeconfig));
      return limited(plain != null ? plain : Config.fromKubeconfig(kubeconfig.toFile()));
    } catch (JsonProcessingException e) {
      throw new SourceException(
          "The kubeconfig " + kubeconfig + " is not YAML: " + YamlMessage.of(e) + ". Correct it",
          e);
    } catch (IOException | RuntimeException e) {
      // Fabric8 lets out whatever its YAML parser throws.
      throw new SourceException(
          "The kubeconfig "
              + kubeconfig
              + " cannot be used: "
              + (e instanceof IOException unreadable
                  ? FileReason.of(unreadable)
                  : ApiFailure.describe(e))
              + ". Correct it",
          e);
    }
  }

  /**
   * The configuration of a pod. The token is read from its file for every request, since the
   * kubelet replaces it well before it expires.
   */
  static Config inCluster(Path serviceAccount, Function<String, @Nullable String> environment)
      throws SourceException {
    String host = environment.apply("KUBERNETES_SERVICE_HOST");
    String port = environment.apply("KUBERNETES_SERVICE_PORT");
    Path token = serviceAccount.resolve("token");
    if (host == null || host.isEmpty() || !Files.isReadable(token)) {
      throw new SourceException(
          "No source of objects is given and this is not a pod with a service account."
              + " Give --kubeconfig FILE or --manifests DIR",
          null);
    }
    String address = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(
                "https://" + address + ":" + (port == null || port.isEmpty() ? "443" : port))
            .withCaCertFile(serviceAccount.resolve("ca.crt").toString())
            .withOauthTokenProvider(() -> token(token))
            .build();
    return limited(config);
  }

  static String token(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      LOG.warn("The service account's token {} cannot be read: {}", file, e.getMessage());
      return "";
    }
  }

  /**
   * Failures are to be noticed here, and retried by the informers, not hidden by retries below.
   *
   * <p>Watches are plain HTTP. Over a WebSocket, the client may never notice that the server has
   * closed the connection just after an event: the watch then looks well and tells nothing. They
   * are HTTP/1.1, since with HTTP/2 all would share one connection, and a dead one would be used
   * again for the list that is to replace it.
   */
  static Config limited(Config config) {
    config.setOnlyHttpWatches(true);
    config.setHttp2Disable(true);
    config.setRequestRetryBackoffLimit(1);
    config.setConnectionTimeout(10_000);
    config.setRequestTimeout(30_000);
    return config;
  }
}
