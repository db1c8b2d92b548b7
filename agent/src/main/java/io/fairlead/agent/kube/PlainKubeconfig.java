package io.fairlead.agent.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fairlead.agent.source.SourceException;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Kubeconfigs as agents have them: a server, perhaps its certificate authority, perhaps a token.
 * Fabric8 reads every kubeconfig, but loads every kind that Kubernetes has to do so, which costs an
 * agent more than all the rest of its start; what this class does not know is left to it.
 */
final class PlainKubeconfig {

  private static final Set<String> CLUSTER =
      Set.of("server", "certificate-authority", "certificate-authority-data");

  private static final Set<String> USER = Set.of("token", "tokenFile");

  private static final Pattern WITH_SCHEME =
      Pattern.compile("https?://.", Pattern.CASE_INSENSITIVE);

  private PlainKubeconfig() {}

  /**
   * The configuration in {@code text}.
   *
   * @param file where it was read; the paths in it are relative to its folder
   * @return null if there is anything in it that this class does not know
   * @throws JsonProcessingException if it is not YAML
   * @throws SourceException if it does not say which cluster is meant
   */
  static @Nullable Config parse(Path file, String text)
      throws JsonProcessingException, SourceException {
    JsonNode root = new YAMLMapper().readTree(text);
    requireWhole(file, root);
    JsonNode context = named(root, "contexts", "context", root.path("current-context").asText());
    JsonNode cluster = named(root, "clusters", "cluster", context.path("cluster").asText());
    JsonNode user = named(root, "users", "user", context.path("user").asText());
    // Fabric8 finds out by connecting what a server without a scheme speaks: that is not reading.
    if (!WITH_SCHEME.matcher(cluster.path("server").asText()).lookingAt()
        || !onlyHas(cluster, CLUSTER)
        || !onlyHas(user, USER)) {
      return null;
    }
    ConfigBuilder builder =
        new ConfigBuilder(Config.empty()).withMasterUrl(cluster.path("server").asText());
    if (cluster.hasNonNull("certificate-authority-data")) {
      builder.withCaCertData(cluster.path("certificate-authority-data").asText());
    } else if (cluster.hasNonNull("certificate-authority")) {
      builder.withCaCertFile(
          file.resolveSibling(cluster.path("certificate-authority").asText()).toString());
    }
    if (user.hasNonNull("tokenFile")) {
      Path token = file.resolveSibling(user.path("tokenFile").asText());
      builder.withOauthTokenProvider(() -> ApiAccess.token(token));
    } else if (user.hasNonNull("token")) {
      builder.withOauthToken(user.path("token").asText());
    }
    return builder.build();
  }

  /** Fabric8 would take a cluster of its own choice where the context or its cluster is missing. */
  private static void requireWhole(Path file, JsonNode root) throws SourceException {
    String name = root.path("current-context").asText();
    JsonNode context = named(root, "contexts", "context", name);
    String missing = null;
    if (name.isEmpty()) {
      missing = "current-context";
    } else if (context.isMissingNode()) {
      missing = "the context \"" + name + "\" that current-context names";
    } else {
      String cluster = context.path("cluster").asText();
      if (!named(root, "clusters", "cluster", cluster).hasNonNull("server")) {
        missing = "a server for the cluster \"" + cluster + "\"";
      }
    }
    if (missing != null) {
      throw new SourceException(
          "The kubeconfig " + file + " lacks " + missing + ". Add it, or correct --kubeconfig",
          null);
    }
  }

  private static JsonNode named(JsonNode root, String list, String field, String name) {
    for (JsonNode entry : root.path(list)) {
      if (!name.isEmpty() && entry.path("name").asText().equals(name)) {
        return entry.path(field);
      }
    }
    return root.path("");
  }

  private static boolean onlyHas(JsonNode node, Set<String> known) {
    for (var names = node.fieldNames(); names.hasNext(); ) {
      if (!known.contains(names.next())) {
        return false;
      }
    }
    return true;
  }
}
