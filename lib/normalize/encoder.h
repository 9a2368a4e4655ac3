/* Turns records into what a SIEM takes: format, header, framing, and what becomes of messages that
 * are too long. */
#ifndef ALS_NORMALIZE_ENCODER_H
#define ALS_NORMALIZE_ENCODER_H

#include "awslogsrc/encoder.h"
#include "normalize/syslog.h"

enum { ALS_ENCODER_SIZE_MAX = 64 * 1024 * 1024 }; /* of anything encoded */

enum als_encoder_format {
    ALS_ENCODER_JSON,
    ALS_ENCODER_ECS,
    ALS_ENCODER_OCSF,
    ALS_ENCODER_LEEF,
    ALS_ENCODER_CEF,
    ALS_ENCODER_ORIGINAL
};

enum als_encoder_oversize { ALS_ENCODER_REFUSE, ALS_ENCODER_TRUNCATE, ALS_ENCODER_DROP_TO_LEEF };

struct awslogsrc_encoder {
    struct als_writer writer; /* into memory that is the encoder's */
    /* The settings, by their names: see encoder_setting. */
    int format; /* enum als_encoder_format */
    int original;
    int syslog_header; /* enum als_syslog_header */
    int framing;       /* enum als_syslog_framing */
    int max_message;   /* 0: no limit */
    int oversize;      /* enum als_encoder_oversize */
    int facility;
    char *host;
    char *application;
};

awslogsrc_encoder *als_encoder_new(void); /* NULL without memory */
void als_encoder_free(awslogsrc_encoder *encoder);

/* Both answer 0, AWSLOGSRC_E_TOO_LARGE or AWSLOGSRC_E_NO_MEMORY; a NUL follows what is written. */
int als_encoder_encode(awslogsrc_encoder *encoder, const awslogsrc_record *record,
                       struct als_text *out);
int als_encoder_encode_text(awslogsrc_encoder *encoder, int64_t time_ms, struct als_text text,
                            struct als_text *out);

#endif
