package io.fairlead.cni.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.cni.attachment.Bandwidth;
import java.math.BigDecimal;

/**
 * What a pod may send and be sent: by the "bandwidth" capability, else by the pod's annotations as
 * runtimes hand them on, else by the keys of the reference bandwidth plugin in the configuration
 * itself. Each is taken as a whole. All count from the pod's side of view: ingress is what it is
 * sent.
 */
final class BandwidthReader {

  private static final String ANNOTATIONS = "io.kubernetes.cri.pod-annotations";
  private static final String INGRESS = "kubernetes.io/ingress-bandwidth";
  private static final String EGRESS = "kubernetes.io/egress-bandwidth";

  /** What Kubernetes allows in the annotations: 1k to 1P. */
  private static final BigDecimal LEAST = new BigDecimal("1000");

  private static final BigDecimal MOST = new BigDecimal("1000000000000000");

  /**
   * Runtimes that know of no burst say the greatest number they can, which would be no limit for
   * the first half gigabyte. From here on a burst counts as not said.
   */
  private static final long NO_BURST = Integer.MAX_VALUE;

  private BandwidthReader() {}

  static Bandwidth read(JsonNode config) throws CniException {
    JsonNode capability = config.path("runtimeConfig").path("bandwidth");
    if (isSaid(capability)) {
      return rates(capability);
    }
    JsonNode annotations = config.path("runtimeConfig").path(ANNOTATIONS);
    if (annotations.hasNonNull(INGRESS) || annotations.hasNonNull(EGRESS)) {
      return new Bandwidth(annotated(annotations, INGRESS), 0, annotated(annotations, EGRESS), 0);
    }
    return rates(config);
  }

  private static boolean isSaid(JsonNode rates) {
    return rates.path("ingressRate").asLong() != 0 || rates.path("egressRate").asLong() != 0;
  }

  private static Bandwidth rates(JsonNode json) throws CniException {
    long ingress = number(json, "ingressRate");
    long egress = number(json, "egressRate");
    return new Bandwidth(
        ingress,
        ingress == 0 ? 0 : burst(json, "ingressBurst"),
        egress,
        egress == 0 ? 0 : burst(json, "egressBurst"));
  }

  private static long burst(JsonNode json, String key) throws CniException {
    long burst = number(json, key);
    return burst >= NO_BURST ? 0 : burst;
  }

  private static long number(JsonNode json, String key) throws CniException {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return 0;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG,
          "\"" + key + "\" is " + value + ", which is not a number of bits from 0 on");
    }
    return value.longValue();
  }

  private static long annotated(JsonNode annotations, String key) throws CniException {
    JsonNode value = annotations.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return 0;
    }
    BigDecimal rate = Quantity.parse(value.asText());
    if (rate == null || rate.compareTo(LEAST) < 0 || rate.compareTo(MOST) > 0) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIG,
          "the pod's annotation "
              + key
              + " is \""
              + value.asText()
              + "\", which is not a quantity of bits per second from 1k to 1P");
    }
    return rate.longValue();
  }
}
