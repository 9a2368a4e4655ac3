"""What the public headers of libawslogsrc declare. Written by generate.py; do not edit."""
from __future__ import annotations

import enum
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_int64, c_size_t, c_void_p
from typing import Any

# Constants, without AWSLOGSRC_.
ARROW_COPY_TEXT = 1
ARROW_NO_PAYLOAD = 2
ARROW_RECORDS = 4
EVENT_REPLACED_TEXT = 1
STEP_OK = 0
STEP_FAILED = 1
STEP_SKIPPED = 2
CHECK_LIMIT_MS = 120000
LOG_ERROR = 1
LOG_WARNING = 2
LOG_INFO = 3
LOG_DEBUG = 4
OK = 0
CLASS_CALLER = 1
CLASS_OPTION = 2
CLASS_SYSTEM = 3
CLASS_NETWORK = 4
CLASS_PROTOCOL = 5
CLASS_CREDENTIALS = 6
CLASS_AWS = 7
CLASS_INTERNAL = 8
OPTION_REQUIRED = 1
OPTION_SECRET = 2
OPTION_APPENDS = 4
OPTION_MULTILINE = 8
NOTICE_BATCH = 1
NOTICE_STATUS = 2
NOTICE_LOG = 3
NOTICE_LOAD = 4
NOTICE_WRITE = 5
NOTICE_CREDENTIALS = 6
NOTICE_CHECK = 7
TYPE_TEXT = 1
TYPE_INTEGER = 2
TYPE_BOOLEAN = 3
TYPE_JSON = 4
ACCEPT = 0
HOLD = 1
LATER = 2
REGION_STARTING = 0
REGION_READING = 1
REGION_CAUGHT_UP = 2
REGION_WAITING = 3
REGION_FAILED = 4
REGION_DONE = 5
REGION_STOPPED = 6
REGION_WAITING_FOR_CREDENTIALS = 7
STORE_SNAPSHOT = 1
STORE_RECORD = 2


class State(enum.IntEnum):
    """States of a region."""

    STARTING = 0
    READING = 1
    CAUGHT_UP = 2
    WAITING = 3
    FAILED = 4
    DONE = 5
    STOPPED = 6
    WAITING_FOR_CREDENTIALS = 7

    @classmethod
    def _missing_(cls, value: object) -> State:
        """One of a newer library."""
        member = int.__new__(cls, int(str(value)))
        member._name_, member._value_ = "UNKNOWN", int(str(value))
        return member


# Number, name, class, may pass by itself, ends the handle, meaning.
ERRORS: list[tuple[int, str, str, bool, bool, str]] = [
    (-1, "INVALID", "CALLER", False, False, "invalid argument"),
    (-2, "NO_MEMORY", "SYSTEM", True, False, "out of memory"),
    (-3, "REENTRANT", "CALLER", False, False, "not allowed inside a callback"),
    (-4, "FORKED", "CALLER", False, True, "the handle belongs to the parent process"),
    (-5, "STATE", "CALLER", False, False, "not allowed in this state"),
    (-6, "SYSTEM", "SYSTEM", True, False, "the operating system refused"),
    (-7, "INTERNAL", "INTERNAL", False, True, "internal error"),
    (-10, "OPTION_UNKNOWN", "OPTION", False, False, "unknown option"),
    (-11, "OPTION_VALUE", "OPTION", False, False, "bad option value"),
    (-12, "OPTION_MISSING", "OPTION", False, False, "an option is missing or contradicts another"),
    (-13, "NOT_AVAILABLE", "OPTION", False, False, "not supported"),
    (-14, "FILE", "SYSTEM", False, False, "file cannot be read"),
    (-15, "FILE_SYNTAX", "OPTION", False, False, "bad syntax in a file"),
    (-20, "NAME_LOOKUP", "NETWORK", True, False, "host name not found"),
    (-21, "CONNECT", "NETWORK", True, False, "connection refused or unreachable"),
    (-22, "TIMEOUT", "NETWORK", True, False, "timed out"),
    (-23, "TLS", "NETWORK", True, False, "TLS failed"),
    (-24, "PROXY", "NETWORK", True, False, "proxy failed"),
    (-25, "NETWORK", "NETWORK", True, False, "connection broken"),
    (-26, "PROTOCOL", "PROTOCOL", True, False, "malformed answer"),
    (-27, "TOO_LARGE", "PROTOCOL", True, False, "answer exceeds a limit"),
    (-30, "NO_CREDENTIALS", "CREDENTIALS", False, False, "no credentials"),
    (-31, "CREDENTIALS_REJECTED", "CREDENTIALS", False, False, "credentials rejected"),
    (-32, "CREDENTIALS_EXPIRED", "CREDENTIALS", True, False, "credentials expired"),
    (-33, "ACCESS_DENIED", "AWS", False, False, "access denied"),
    (-34, "NOT_FOUND", "AWS", False, False, "log group or stream not found"),
    (-35, "BAD_REQUEST", "AWS", False, False, "request refused as invalid"),
    (-36, "THROTTLED", "AWS", True, False, "throttled"),
    (-37, "SERVICE", "AWS", True, False, "service failed"),
    (-38, "CLOCK_SKEW", "AWS", True, False, "clock differs from the service's"),
    (-39, "TOKEN", "AWS", True, False, "page token invalid or expired"),
    (-40, "CURSOR_DAMAGED", "SYSTEM", False, False, "cursor damaged"),
    (-41, "CURSOR_VERSION", "OPTION", False, False, "cursor written by a newer version"),
    (-42, "CURSOR_FOREIGN", "OPTION", False, False, "cursor belongs to another source"),
    (-43, "LOCKED", "SYSTEM", True, False, "in use by another process"),
    (-44, "STORE", "SYSTEM", True, False, "cursor cannot be stored"),
]

# Callbacks.
check_fn = CFUNCTYPE(None, c_void_p, c_void_p, c_void_p)
log_fn = CFUNCTYPE(None, c_void_p, c_int, c_char_p)
credentials_fetch_fn = CFUNCTYPE(None, c_void_p, c_void_p)
batch_fn = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p)
event_fn = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p)
status_fn = CFUNCTYPE(None, c_void_p, c_void_p, c_char_p, c_int, c_void_p, c_int64)
store_load_fn = CFUNCTYPE(None, c_void_p, c_char_p, c_void_p)
store_write_fn = CFUNCTYPE(None, c_void_p, c_char_p, c_int, c_char_p, c_size_t, c_void_p)
trust_fn = CFUNCTYPE(None, c_void_p, c_void_p, c_void_p)
user_data_free = CFUNCTYPE(None, c_void_p)

# Result and arguments. Text that comes with a size is a pointer, since it may hold NULs.
FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "awslogsrc_batch_export_arrow": (c_int, [
        c_void_p, c_int, c_void_p, c_void_p, POINTER(c_void_p)]),
    "awslogsrc_batch_count": (c_size_t, [c_void_p]),
    "awslogsrc_batch_event": (c_void_p, [c_void_p, c_size_t]),
    "awslogsrc_batch_region": (c_char_p, [c_void_p]),
    "awslogsrc_batch_log_group": (c_char_p, [c_void_p]),
    "awslogsrc_batch_cursor": (c_int, [c_void_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_batch_ref": (c_void_p, [c_void_p]),
    "awslogsrc_batch_unref": (None, [c_void_p]),
    "awslogsrc_batch_ack": (c_int, [c_void_p]),
    "awslogsrc_batch_nack": (c_int, [c_void_p]),
    "awslogsrc_event_message": (c_void_p, [c_void_p, POINTER(c_size_t)]),
    "awslogsrc_event_payload": (c_void_p, [c_void_p, POINTER(c_size_t)]),
    "awslogsrc_event_identifier": (c_void_p, [c_void_p, POINTER(c_size_t)]),
    "awslogsrc_event_log_stream": (c_void_p, [c_void_p, POINTER(c_size_t)]),
    "awslogsrc_event_event_id": (c_void_p, [c_void_p, POINTER(c_size_t)]),
    "awslogsrc_event_timestamp_ms": (c_int64, [c_void_p]),
    "awslogsrc_event_ingestion_time_ms": (c_int64, [c_void_p]),
    "awslogsrc_event_flags": (c_int, [c_void_p]),
    "awslogsrc_source_check": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, POINTER(c_void_p)]),
    "awslogsrc_check_count": (c_size_t, [c_void_p]),
    "awslogsrc_check_failures": (c_size_t, [c_void_p]),
    "awslogsrc_check_step": (c_void_p, [c_void_p, c_size_t]),
    "awslogsrc_step_name": (c_char_p, [c_void_p]),
    "awslogsrc_step_region": (c_char_p, [c_void_p]),
    "awslogsrc_step_result": (c_int, [c_void_p]),
    "awslogsrc_step_duration_ms": (c_int64, [c_void_p]),
    "awslogsrc_step_detail": (c_void_p, [c_void_p, POINTER(c_size_t)]),
    "awslogsrc_step_remedy": (c_char_p, [c_void_p]),
    "awslogsrc_check_free": (None, [c_void_p]),
    "awslogsrc_context_new": (c_int, [POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_context_free": (None, [c_void_p]),
    "awslogsrc_context_fd": (c_int, [c_void_p]),
    "awslogsrc_context_process": (c_int, [c_void_p]),
    "awslogsrc_context_poll": (c_int, [c_void_p, c_int]),
    "awslogsrc_context_run": (c_int, [c_void_p]),
    "awslogsrc_context_wakeup": (c_int, [c_void_p]),
    "awslogsrc_context_stop": (c_int, [c_void_p]),
    "awslogsrc_context_set_log": (c_int, [c_void_p, c_int, c_void_p, c_void_p, c_void_p]),
    "awslogsrc_context_stats_openmetrics": (c_int, [
        c_void_p, POINTER(c_void_p), POINTER(c_size_t), POINTER(c_void_p)]),
    "awslogsrc_credentials_static_new": (c_int, [
        c_char_p, c_char_p, c_char_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_credentials_environment_new": (c_int, [POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_credentials_profile_new": (c_int, [c_void_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_credentials_process_new": (c_int, [c_char_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_credentials_imds_new": (c_int, [c_void_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_credentials_container_new": (c_int, [POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_credentials_assume_role_new": (c_int, [
        c_void_p, c_void_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_credentials_web_identity_new": (c_int, [
        c_void_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_credentials_chain_new": (c_int, [c_void_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_credentials_custom_new": (c_int, [
        c_void_p, c_void_p, c_void_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_credentials_fetched": (c_int, [c_void_p, c_char_p, c_char_p, c_char_p, c_int64]),
    "awslogsrc_credentials_refused": (c_int, [c_void_p, c_int, c_char_p]),
    "awslogsrc_credentials_ref": (c_void_p, [c_void_p]),
    "awslogsrc_credentials_unref": (None, [c_void_p]),
    "awslogsrc_cursor_to_text": (c_int, [
        c_void_p, POINTER(c_void_p), POINTER(c_size_t), POINTER(c_void_p)]),
    "awslogsrc_cursor_text_free": (None, [c_void_p]),
    "awslogsrc_cursor_from_text": (c_int, [
        c_char_p, c_size_t, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_cursor_free": (None, [c_void_p]),
    "awslogsrc_cursor_position_ms": (c_int64, [c_void_p]),
    "awslogsrc_cursor_lag_ms": (c_int64, [c_void_p]),
    "awslogsrc_encoder_new": (c_int, [POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_encoder_set": (c_int, [c_void_p, c_char_p, c_char_p, POINTER(c_void_p)]),
    "awslogsrc_encode": (c_int, [
        c_void_p, c_void_p, POINTER(c_void_p), POINTER(c_size_t), POINTER(c_void_p)]),
    "awslogsrc_encode_text": (c_int, [
        c_void_p, c_int64, c_char_p, c_size_t, POINTER(c_void_p), POINTER(c_size_t)]),
    "awslogsrc_encoder_free": (None, [c_void_p]),
    "awslogsrc_strerror": (c_char_p, [c_int]),
    "awslogsrc_error_code": (c_int, [c_void_p]),
    "awslogsrc_error_class": (c_int, [c_void_p]),
    "awslogsrc_error_is_retryable": (c_int, [c_void_p]),
    "awslogsrc_error_is_fatal": (c_int, [c_void_p]),
    "awslogsrc_error_message": (c_char_p, [c_void_p]),
    "awslogsrc_error_hint": (c_char_p, [c_void_p]),
    "awslogsrc_error_aws_code": (c_char_p, [c_void_p]),
    "awslogsrc_error_request_id": (c_char_p, [c_void_p]),
    "awslogsrc_error_http_status": (c_int, [c_void_p]),
    "awslogsrc_error_free": (None, [c_void_p]),
    "awslogsrc_options_new": (c_int, [POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_options_free": (None, [c_void_p]),
    "awslogsrc_options_copy": (c_int, [c_void_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_options_set": (c_int, [c_void_p, c_char_p, c_char_p, POINTER(c_void_p)]),
    "awslogsrc_options_get": (c_int, [c_void_p, c_char_p, POINTER(c_char_p), POINTER(c_void_p)]),
    "awslogsrc_options_load": (c_int, [c_void_p, c_char_p, c_char_p, POINTER(c_void_p)]),
    "awslogsrc_options_sections": (c_int, [c_char_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_options_sections_free": (None, [c_void_p]),
    "awslogsrc_options_validate": (c_int, [c_void_p, POINTER(c_void_p)]),
    "awslogsrc_options_policy": (c_int, [
        POINTER(c_void_p), c_size_t, POINTER(c_void_p), POINTER(c_size_t), POINTER(c_void_p)]),
    "awslogsrc_options_policy_free": (None, [c_void_p]),
    "awslogsrc_option_count": (c_int, []),
    "awslogsrc_option_name": (c_char_p, [c_int]),
    "awslogsrc_option_type": (c_char_p, [c_int]),
    "awslogsrc_option_default": (c_char_p, [c_int]),
    "awslogsrc_option_help": (c_char_p, [c_int]),
    "awslogsrc_option_flags": (c_int, [c_int]),
    "awslogsrc_queue_new": (c_int, [POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_queue_free": (None, [c_void_p]),
    "awslogsrc_queue_source": (c_int, [c_void_p, c_void_p, c_int64]),
    "awslogsrc_queue_log": (c_int, [c_void_p, c_void_p, c_int, c_int64]),
    "awslogsrc_queue_store_new": (c_int, [c_void_p, c_int64, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_queue_credentials_new": (c_int, [
        c_void_p, c_int64, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_queue_check": (c_int, [c_void_p, c_void_p, c_int64, POINTER(c_void_p)]),
    "awslogsrc_queue_first": (c_void_p, [c_void_p]),
    "awslogsrc_queue_next": (c_void_p, [c_void_p]),
    "awslogsrc_notice_free": (None, [c_void_p]),
    "awslogsrc_notice_kind": (c_int, [c_void_p]),
    "awslogsrc_notice_tag": (c_int64, [c_void_p]),
    "awslogsrc_notice_text": (c_char_p, [c_void_p]),
    "awslogsrc_notice_number": (c_int, [c_void_p]),
    "awslogsrc_notice_retry_at_ms": (c_int64, [c_void_p]),
    "awslogsrc_notice_error": (c_void_p, [c_void_p]),
    "awslogsrc_notice_data": (c_void_p, [c_void_p, POINTER(c_size_t)]),
    "awslogsrc_notice_batch": (c_void_p, [c_void_p]),
    "awslogsrc_notice_check": (c_void_p, [c_void_p]),
    "awslogsrc_notice_loaded": (c_int, [c_void_p, c_int, c_char_p, c_size_t]),
    "awslogsrc_notice_written": (c_int, [c_void_p, c_int]),
    "awslogsrc_notice_fetched": (c_int, [c_void_p, c_char_p, c_char_p, c_char_p, c_int64]),
    "awslogsrc_notice_refused": (c_int, [c_void_p, c_int, c_char_p]),
    "awslogsrc_field_count": (c_int, []),
    "awslogsrc_field_name": (c_char_p, [c_int]),
    "awslogsrc_field_type": (c_int, [c_int]),
    "awslogsrc_record_parse": (c_int, [POINTER(c_void_p), c_void_p, POINTER(c_void_p)]),
    "awslogsrc_record_parse_text": (c_int, [
        POINTER(c_void_p), c_char_p, c_size_t, c_void_p, POINTER(c_void_p)]),
    "awslogsrc_record_next": (c_int, [c_void_p]),
    "awslogsrc_record_get": (c_void_p, [c_void_p, c_int, POINTER(c_size_t)]),
    "awslogsrc_record_get_integer": (c_int, [c_void_p, c_int, POINTER(c_int64)]),
    "awslogsrc_record_free": (None, [c_void_p]),
    "awslogsrc_source_new": (c_int, [c_void_p, c_void_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_source_free": (None, [c_void_p]),
    "awslogsrc_source_on_batch": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "awslogsrc_source_on_event": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "awslogsrc_source_on_status": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "awslogsrc_source_set_credentials": (c_int, [c_void_p, c_void_p]),
    "awslogsrc_source_set_store": (c_int, [c_void_p, c_void_p]),
    "awslogsrc_source_set_cursor": (c_int, [c_void_p, c_void_p, POINTER(c_void_p)]),
    "awslogsrc_source_cursor": (c_int, [c_void_p, c_char_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_source_start": (c_int, [c_void_p, POINTER(c_void_p)]),
    "awslogsrc_source_is_running": (c_int, [c_void_p]),
    "awslogsrc_source_stats_json": (c_int, [
        c_void_p, POINTER(c_void_p), POINTER(c_size_t), POINTER(c_void_p)]),
    "awslogsrc_source_stats_openmetrics": (c_int, [
        c_void_p, POINTER(c_void_p), POINTER(c_size_t), POINTER(c_void_p)]),
    "awslogsrc_source_stats_free": (None, [c_void_p]),
    "awslogsrc_source_stop": (c_int, [c_void_p]),
    "awslogsrc_source_pause": (c_int, [c_void_p]),
    "awslogsrc_source_resume": (c_int, [c_void_p]),
    "awslogsrc_store_file_new": (c_int, [c_char_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_store_memory_new": (c_int, [POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_store_custom_new": (c_int, [
        c_void_p, c_void_p, c_void_p, c_void_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_store_loaded": (c_int, [c_void_p, c_int, c_char_p, c_size_t]),
    "awslogsrc_store_written": (c_int, [c_void_p, c_int]),
    "awslogsrc_store_free": (None, [c_void_p]),
    "awslogsrc_trust_new": (c_int, [
        c_void_p, c_void_p, c_char_p, POINTER(c_void_p), POINTER(c_void_p)]),
    "awslogsrc_trust_fetch": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, POINTER(c_void_p)]),
    "awslogsrc_trust_count": (c_int, [c_void_p]),
    "awslogsrc_trust_subject": (c_char_p, [c_void_p, c_int]),
    "awslogsrc_trust_issuer": (c_char_p, [c_void_p, c_int]),
    "awslogsrc_trust_names": (c_char_p, [c_void_p, c_int]),
    "awslogsrc_trust_fingerprint": (c_char_p, [c_void_p, c_int]),
    "awslogsrc_trust_pem": (c_char_p, [c_void_p, c_int]),
    "awslogsrc_trust_not_before_ms": (c_int64, [c_void_p, c_int]),
    "awslogsrc_trust_not_after_ms": (c_int64, [c_void_p, c_int]),
    "awslogsrc_trust_problem": (c_char_p, [c_void_p]),
    "awslogsrc_trust_store": (c_int, [c_void_p, c_char_p, POINTER(c_void_p)]),
    "awslogsrc_trust_free": (None, [c_void_p]),
    "awslogsrc_version": (c_char_p, []),
}
