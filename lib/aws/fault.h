/* What a service said when it refused: error answers of CloudWatch Logs (JSON) and STS (XML), and
 * of whatever stands in front of them (HTML, or nothing). */
#ifndef ALS_AWS_FAULT_H
#define ALS_AWS_FAULT_H

#include "base/text.h"

enum { ALS_FAULT_CODE_SIZE = 128, ALS_FAULT_MESSAGE_SIZE = 1024 }; /* the NUL included */

struct als_fault {
    int code;                           /* AWSLOGSRC_E_* */
    char aws_code[ALS_FAULT_CODE_SIZE]; /* "ThrottlingException"; "" where nobody gave one */
    char message[ALS_FAULT_MESSAGE_SIZE];
};

/* error_type: the header x-amzn-ErrorType, or empty. */
void als_fault_read(struct als_fault *fault, int http_status, struct als_text error_type,
                    struct als_text body);

/* What to do about an AWSLOGSRC_E_*, in one sentence for people; "" where nothing helps. */
const char *als_fault_hint(int code);

#endif
