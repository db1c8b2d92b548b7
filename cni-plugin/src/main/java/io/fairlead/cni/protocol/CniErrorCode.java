package io.fairlead.cni.protocol;

/**
 * Why a request failed. Codes below 100 are those of the CNI specification 1.1.0, section 5; the
 * others are fairlead's own.
 */
public enum CniErrorCode {
  INCOMPATIBLE_VERSION(1),
  UNSUPPORTED_FIELD(2),
  UNKNOWN_CONTAINER(3),
  INVALID_ENVIRONMENT(4),
  IO_FAILURE(5),
  DECODE_FAILURE(6),
  INVALID_CONFIG(7),
  TRY_AGAIN(11),
  NOT_AVAILABLE(50),
  LIMITED_CONNECTIVITY(51),
  /** The container already has this interface. */
  ALREADY_ATTACHED(100),
  /** The requested address is taken or can never be handed out. */
  ADDRESS_UNAVAILABLE(101),
  /** The kernel refused an operation. */
  KERNEL_FAILURE(102),
  /** CHECK found something missing or different. */
  CHECK_FAILED(103),
  /** Another pod has the host port. */
  HOST_PORT_TAKEN(104);

  private final int number;

  CniErrorCode(int number) {
    this.number = number;
  }

  /** The value of "code" in the error object. */
  public int number() {
    return number;
  }
}
